import { metricsNamespace } from "../constructs/service-function";
import type { CheckOptions } from "../packages/guardrails/check-stack";
import type { Environment } from "./environments";

/** The guardrail settings of an environment's stack. */
export function guardrails(environment: Environment): CheckOptions {
  const { account, authorization, deletionProtection, name, reserveConcurrency } = environment;
  return {
    nameSuffix: name,
    requiredTags: ["Application", "Environment", "ManagedBy", "Owner", "Repository"],
    concurrencyQuota: account.concurrencyQuota,
    metricsNamespace,
    protectsData: deletionProtection,
    suppressions: [
      ...(authorization.type === "NONE"
        ? [
            {
              rule: "api-gateway-method-authorized",
              resource: `${name}-stack/api`,
              reason: authorization.reason,
            },
          ]
        : []),
      ...(reserveConcurrency
        ? []
        : ["api-function", "stream-function"].map((id) => ({
            rule: "lambda-reserved-concurrency",
            resource: `${name}-stack/${id}`,
            reason: "The environment reserves nothing, because the account's quota leaves nothing to reserve",
          }))),
    ],
  };
}
