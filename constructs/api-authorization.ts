import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import type { ApiGatewayMethodConfig } from "@cdktf/provider-aws/lib/api-gateway-method";
import type { Construct } from "constructs";

/**
 * Who can call every route of an API: principals that IAM allows, which sign their requests; holders of a token from a
 * Cognito user pool; or anybody, with a reason for reviewers to read. Each environment chooses in stacks/environments.ts.
 * CORS preflights are the exception: browsers cannot sign them.
 */
export type ApiAuthorization =
  | { readonly type: "AWS_IAM" }
  | {
      readonly type: "COGNITO_USER_POOLS";
      readonly userPoolArns: readonly string[];
      /** OAuth scopes. An access token must have at least one of them. @default none: callers send an identity token */
      readonly scopes?: readonly string[];
    }
  | { readonly type: "NONE"; readonly reason: string };

/** The attributes of a method that decide who can call it. */
export type MethodAuthorization = Pick<
  ApiGatewayMethodConfig,
  "authorization" | "authorizerId" | "authorizationScopes"
>;

/** @returns what each method declares, and the authorizer that it refers to, created in `scope` if the type needs one */
export function authorizeMethods(
  scope: Construct,
  restApiId: string,
  authorization: ApiAuthorization,
): { readonly methods: MethodAuthorization; readonly authorizer?: ApiGatewayAuthorizer } {
  if (authorization.type !== "COGNITO_USER_POOLS") return { methods: { authorization: authorization.type } };
  const authorizer = new ApiGatewayAuthorizer(scope, "authorizer", {
    restApiId,
    name: "user-pools",
    type: authorization.type,
    providerArns: [...authorization.userPoolArns],
  });
  const methods = {
    authorization: authorization.type,
    authorizerId: authorizer.id,
    ...(authorization.scopes && { authorizationScopes: [...authorization.scopes] }),
  };
  return { methods, authorizer };
}
