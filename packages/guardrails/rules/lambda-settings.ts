import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";

/** API Gateway integrations that call a function. The gateway waits at most 29 seconds for a response. */
function behindApi(lambda: Resource): readonly Resource[] {
  const integrations = lambda.stack.all("aws_api_gateway_integration");
  return integrations.filter((integration) => integration.follow("uri", "aws_lambda_function") === lambda);
}

export const lambdaSettingsRules: readonly Rule[] = [
  {
    id: "lambda-reserved-concurrency",
    group: "lambda",
    demands: "Every function sets `reserved_concurrent_executions` to at least 1",
    why: "Without it, one function can use all of the account's concurrency and throttle the others. With 0 it never runs.",
    fix: "Set reservedConcurrentExecutions to the function's share of the account's quota.",
    mirrors: ["CKV_AWS_115"],
    check: each("aws_lambda_function", (lambda) => {
      const misnamed = Object.keys(lambda.written()).filter(
        (name) => /concurren/i.test(name) && name !== "reserved_concurrent_executions",
      );
      if (misnamed.length > 0) return `${misnamed.join(", ")} is set, but Terraform has no such attribute`;
      if (!lambda.has("reserved_concurrent_executions")) return "reserved_concurrent_executions is absent";
      const reserved = lambda.number("reserved_concurrent_executions");
      return reserved !== undefined && reserved < 1 && `reserved_concurrent_executions is ${reserved}`;
    }),
  },
  {
    id: "lambda-concurrency-within-quota",
    group: "lambda",
    demands: "The functions' reserved concurrency leaves at least 100 of the account's quota unreserved",
    why: "AWS rejects the reservation at apply, after other resources have already changed.",
    fix: "Lower reservedConcurrentExecutions, or raise the quota “Concurrent executions” and then the option concurrencyQuota of Guardrails.apply.",
    mirrors: [],
    check: ({ stack, settings: { concurrencyQuota } }) => {
      const functions = stack.all("aws_lambda_function");
      const sum = functions.reduce(
        (total, one) => total + (one.number("reserved_concurrent_executions") ?? 0),
        0,
      );
      if (sum <= 0 || sum + 100 <= concurrencyQuota) return [];
      return [{ found: `${functions.length} functions reserve ${sum} of ${concurrencyQuota}` }];
    },
  },
  {
    id: "lambda-sized",
    group: "lambda",
    demands: "A function sets its memory and its timeout",
    why: "The defaults, 128 MB and 3 seconds, are rarely right. A cold start alone can take longer, and CPU is allocated in proportion to memory.",
    fix: "Measure the function, and set memorySize and timeout accordingly.",
    mirrors: ["cfn-lint-serverless ES1005", "cfn-lint-serverless ES1006"],
    check: each("aws_lambda_function", (lambda) => {
      const missing = ["memory_size", "timeout"].filter((name) => !lambda.has(name));
      return missing.length > 0 && `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} absent`;
    }),
  },
  {
    id: "lambda-timeout-below-gateway",
    group: "lambda",
    demands:
      "A function behind API Gateway times out before the gateway does (29 seconds or the integration's timeout)",
    why: "Otherwise the caller gets a 504 while the function keeps running and costing money, and none of its log lines explains the 504.",
    fix: "Set timeout below the gateway's limit, 28 seconds at most by default.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      const integrations = behindApi(lambda);
      if (integrations.length === 0) return undefined;
      const limit =
        Math.min(...integrations.map((one) => one.number("timeout_milliseconds") ?? 29_000)) / 1_000;
      const timeout = lambda.number("timeout") ?? 3;
      return timeout >= limit && `timeout is ${timeout}, but the gateway's is ${limit}`;
    }),
  },
  {
    id: "lambda-alias-published",
    group: "lambda",
    demands: "An alias points at a published version",
    why: "$LATEST changes under its callers. You cannot roll back or shift traffic gradually.",
    fix: "Set publish: true on the function, and functionVersion to the function's version.",
    mirrors: [],
    check: each("aws_lambda_alias", (alias) => {
      const version = alias.value("function_version");
      const lambda = alias.follow("function_name", "aws_lambda_function");
      if (version === "$LATEST") return "function_version is $LATEST";
      const unpublished =
        lambda && `${version}`.includes(`${lambda.address}.version`) && !lambda.mayBeTrue("publish");
      return (
        unpublished &&
        `publish on ${lambda.path} is ${lambda.text("publish") ?? "absent"}, so its version is $LATEST`
      );
    }),
  },
];
