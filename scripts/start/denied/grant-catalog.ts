/** What a stack's constructs can grant, with Terraform references such as `${aws_dynamodb_table.items.arn}` in it. */
export interface GrantCatalog {
  readonly grants: readonly Grant[];
  readonly roles: readonly Role[];
  readonly arns: readonly Arn[];
}

export interface Grant {
  /** As in the stack's source, for example `table.grantReadWrite`. */
  readonly method: string;
  readonly statements: readonly GrantedStatement[];
}

export interface GrantedStatement {
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

export interface Role {
  /** A reference to its ARN. */
  readonly arn: string;
  /** The construct that it belongs to, as in the stack's source, for example `apiFunction`. */
  readonly owner: string;
  /** Whether the owner can be passed to a grant. */
  readonly isGrantee: boolean;
  /** The source of the owner's class. */
  readonly file: string;
}

export interface Arn {
  /** As in the stack's source, for example `table.arn`. */
  readonly expression: string;
  readonly arn: string;
}
