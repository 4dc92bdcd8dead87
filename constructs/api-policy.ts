import type { ApiAuthorization } from "./api-authorization";
import { denyWithoutTls, type PolicyStatement, policyDocument } from "./policy-document";

export interface ApiPolicyProps {
  /** `<execution ARN>/<stage>`. */
  readonly stageArn: string;
  readonly authorization: ApiAuthorization;
  /** Whether the API answers CORS preflights. */
  readonly preflights: boolean;
  /** 12-digit ids. */
  readonly trustedAccountIds: readonly string[];
}

/**
 * The resource policy of an API. It is never empty, because Terraform must be able to change it in place: a policy that is
 * destroyed is still in the deployment that was created just before.
 *
 * API Gateway treats a policy differently depending on who authorizes the method ("How API Gateway resource policies affect
 * authorization workflow" in its developer guide):
 * - AWS_IAM: a caller in the API's own account needs an Allow in this policy or in IAM; a caller in another account needs
 *   both. The Deny here affects no caller, because API Gateway accepts TLS only.
 * - Cognito or nobody, CORS preflights included: a caller needs an Allow in this policy, if there is one.
 */
export function apiPolicy({
  stageArn,
  authorization,
  preflights,
  trustedAccountIds,
}: ApiPolicyProps): string {
  const Action = "execute-api:Invoke";
  const everything = `${stageArn}/*`;
  const allow = (
    Sid: string,
    Resource: string,
    Principal: NonNullable<PolicyStatement["Principal"]> = "*",
  ): PolicyStatement => ({ Sid, Effect: "Allow", Principal, Action, Resource });

  const statements = [denyWithoutTls(Action, everything)];
  if (authorization.type !== "AWS_IAM") {
    statements.push(allow("CallersThatIamDoesNotKnow", everything));
  } else if (preflights) {
    statements.push(allow("Preflights", `${stageArn}/OPTIONS/*`));
  }
  if (trustedAccountIds.length > 0) {
    const accounts = trustedAccountIds.map((accountId) => `arn:aws:iam::${accountId}:root`);
    statements.push(allow("TrustedAccounts", everything, { AWS: accounts }));
  }
  return policyDocument(...statements);
}
