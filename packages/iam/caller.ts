/** Who makes a request. */
export type Caller =
  | { readonly type: "root"; readonly account: string }
  | { readonly type: "user"; readonly arn: string }
  | {
      readonly type: "role-session";
      /** `arn:aws:sts::123456789012:assumed-role/<role>/<session>` */
      readonly arn: string;
      readonly roleArn: string;
    }
  /** An AWS service that acts for itself. It has no identity policies. */
  | { readonly type: "service"; readonly name: string }
  /** Someone whom an identity provider vouches for, who assumes a role. */
  | { readonly type: "federated"; readonly provider: string }
  | { readonly type: "anonymous" };

/** Undefined for callers outside of any account. */
export function accountOf(caller: Caller): string | undefined {
  if (caller.type === "root") return caller.account;
  return "arn" in caller ? caller.arn.split(":")[4] : undefined;
}
