import { metricsNamespace } from "../constructs/service-function";
import type { CheckOptions } from "../packages/guardrails/check-stack";
import type { Environment } from "./environments";

/** The guardrail settings of an environment's stack. */
export function guardrails({ account, authorization, deletionProtection, name }: Environment): CheckOptions {
  return {
    nameSuffix: name,
    requiredTags: ["Application", "Environment", "ManagedBy", "Owner", "Repository"],
    concurrencyQuota: account.concurrencyQuota,
    metricsNamespace,
    protectsData: deletionProtection,
    suppressions:
      authorization.type === "NONE"
        ? [
            {
              rule: "api-gateway-method-authorized",
              resource: `${name}-stack/api`,
              reason: authorization.reason,
            },
          ]
        : [],
  };
}
