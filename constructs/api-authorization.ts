/**
 * Who may call an API: whom IAM allows (requests are signed), whoever has a token of a Cognito user pool, or, with a
 * reason that a reviewer reads, anybody.
 */
export type ApiAuthorization =
  | { readonly type: "AWS_IAM" }
  | {
      readonly type: "COGNITO_USER_POOLS";
      readonly userPoolArns: readonly string[];
      /** OAuth scopes of which an access token must have one. @default none: an identity token is asked for */
      readonly scopes?: readonly string[];
    }
  | { readonly type: "NONE"; readonly reason: string };
