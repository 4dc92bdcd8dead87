/** One AWS call that needs a role, as IAM sees it. */
export interface AwsCall {
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** ARN of the resource; `*` if the action has no resource. */
  readonly resource: string;
  /** The part of the ARN that distinguishes this resource from others of its type. */
  readonly name: string;
  /** The call's condition keys, in lower case, that permissions can depend on. */
  readonly context?: Readonly<Record<string, string>>;
}
