import { type Context, contextOf } from "./context";

/** Who makes a request. */
export type Caller =
  | { readonly type: "root"; readonly account: string }
  | { readonly type: "user"; readonly arn: string; readonly uniqueId?: string }
  | {
      readonly type: "role-session";
      /** `arn:aws:sts::123456789012:assumed-role/<role>/<session>` */
      readonly arn: string;
      readonly roleArn: string;
      readonly uniqueId?: string;
    }
  | {
      readonly type: "federated-user";
      /** `arn:aws:sts::123456789012:federated-user/<name>` */
      readonly arn: string;
      /** The user who called GetFederationToken. */
      readonly userArn: string;
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

/** The caller as AWS's messages name it. */
export function nameOf(caller: Caller): string {
  if (caller.type === "root") return `arn:aws:iam::${caller.account}:root`;
  if (caller.type === "service") return caller.name;
  if (caller.type === "federated") return caller.provider;
  return caller.type === "anonymous" ? "anonymous" : caller.arn;
}

/** The condition keys that every request of this caller has. */
export function callerContext(caller: Caller): Context {
  const account = accountOf(caller);
  const isService = caller.type === "service";
  return contextOf({
    "aws:PrincipalArn":
      "roleArn" in caller ? caller.roleArn : account === undefined ? undefined : nameOf(caller),
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": principalTypes[caller.type],
    "aws:PrincipalIsAWSService": `${isService}`,
    "aws:PrincipalServiceName": isService ? caller.name : undefined,
    "aws:username": caller.type === "user" ? caller.arn.split("/").at(-1) : undefined,
    "aws:userid": caller.type === "root" ? caller.account : "uniqueId" in caller ? userId(caller) : undefined,
  });
}

function userId(caller: Extract<Caller, { readonly uniqueId?: string }>): string | undefined {
  if (caller.type === "user" || caller.uniqueId === undefined) return caller.uniqueId;
  return `${caller.uniqueId}:${caller.arn.split("/").at(-1)}`;
}

const principalTypes: Readonly<Record<Caller["type"], string | undefined>> = {
  root: "Account",
  user: "User",
  "role-session": "AssumedRole",
  "federated-user": "FederatedUser",
  service: undefined,
  federated: undefined,
  anonymous: "Anonymous",
};
