/** One call of AWS that a role is needed for, as IAM sees it. */
export interface AwsCall {
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** ARN of what it is about; `*` where the action knows none. */
  readonly resource: string;
  /** The part of the ARN that tells this resource from all others of its kind. */
  readonly name: string;
  /** Condition keys of the call, in lower case, on which its leave may depend. */
  readonly context?: Readonly<Record<string, string>>;
}
