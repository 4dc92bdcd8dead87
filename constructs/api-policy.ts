import type { ApiAuthorization } from "./api-authorization";
import { type PolicyStatement, policyDocument } from "./policy-document";

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
 *   both. The Deny here takes nothing from anyone, because API Gateway accepts TLS only.
 * - Cognito or nobody, CORS preflights included: a caller needs an Allow in this policy, if there is one.
 */
export function apiPolicy({
  stageArn,
  authorization,
  preflights,
  trustedAccountIds,
}: ApiPolicyProps): string {
  const Action = "execute-api:Invoke";
  const statements: PolicyStatement[] = [
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action,
      Resource: `${stageArn}/*`,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
  if (authorization.type !== "AWS_IAM") {
    statements.push({
      Sid: "CallersThatIamDoesNotKnow",
      Effect: "Allow",
      Principal: "*",
      Action,
      Resource: `${stageArn}/*`,
    });
  } else if (preflights) {
    statements.push({
      Sid: "Preflights",
      Effect: "Allow",
      Principal: "*",
      Action,
      Resource: `${stageArn}/OPTIONS/*`,
    });
  }
  if (trustedAccountIds.length > 0) {
    statements.push({
      Sid: "TrustedAccounts",
      Effect: "Allow",
      Principal: { AWS: trustedAccountIds.map((accountId) => `arn:aws:iam::${accountId}:root`) },
      Action,
      Resource: `${stageArn}/*`,
    });
  }
  return policyDocument(...statements);
}
