import type { CheckOptions, Suppression } from "../packages/guardrails/check-stack";
import { application, type Environment } from "./environments";

/** The guardrail settings of an environment's stack. */
export function guardrails(environment: Environment): CheckOptions {
  return {
    nameSuffix: environment.name,
    requiredTags: ["Application", "Environment", "ManagedBy", "Owner", "Repository"],
    concurrencyQuota: environment.account.concurrencyQuota,
    metricsNamespace: application.metricsNamespace,
    protectsData: environment.deletionProtection,
    suppressions: suppressions(environment),
  };
}

function suppressions({
  allowedOrigin,
  authorization,
  name,
  reserveConcurrency,
}: Environment): readonly Suppression[] {
  const api = `${name}-stack/api`;
  const found: Suppression[] = [
    {
      rule: "naming-unique",
      resource: `${api}/removed-parts`,
      reason: "One parameter, which one resource reads and the other writes",
    },
  ];
  if (!reserveConcurrency) {
    for (const id of ["api-function", "stream-function"]) {
      found.push({
        rule: "lambda-reserved-concurrency",
        resource: `${name}-stack/${id}`,
        reason: "The environment reserves nothing, because the account's quota leaves nothing to reserve",
      });
    }
  }
  if (authorization.type === "NONE") {
    found.push({ rule: "api-gateway-method-authorized", resource: api, reason: authorization.reason });
  }
  if (authorization.type !== "AWS_IAM") {
    found.push({
      rule: "iam-not-public",
      resource: `${api}/policy`,
      reason:
        "IAM does not know these callers, so the policy cannot name them; the methods' authorization decides",
    });
  } else if (allowedOrigin) {
    found.push({
      rule: "iam-not-public",
      resource: `${api}/policy`,
      reason: "Browsers cannot sign the OPTIONS requests of CORS; the policy allows them no other method",
    });
  }
  return found;
}
