import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import type { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { promise } from "../packages/guardrails/promise";

export interface FunctionParts {
  readonly lambda: LambdaFunction;
  readonly role: IamRole;
  readonly rolePolicy: IamRolePolicy;
  readonly alias: LambdaAlias;
  readonly asynchronous: LambdaFunctionEventInvokeConfig;
}

/** What others rely on in a function: its package, its settings, its permissions and its alias. */
export function promiseFunction({ lambda, role, rolePolicy, alias, asynchronous }: FunctionParts): void {
  promise(
    lambda,
    "it runs its own package with its own settings, and others count on its limits and its log",
    [
      "function_name",
      "role",
      "runtime",
      "architectures",
      "handler",
      "s3_bucket",
      "s3_key",
      "source_code_hash",
      "publish",
      "memory_size",
      "timeout",
      "reserved_concurrent_executions",
      "dead_letter_config",
      "tracing_config",
      "logging_config",
      "kms_key_arn",
      "environment",
      "layers",
      "vpc_config",
    ],
  );
  promise(role, "only Lambda acts with it", ["name", "assume_role_policy", "permissions_boundary"]);
  promise(rolePolicy, "the function may do what its parts grant it, and nothing else", ["role", "policy"]);
  promise(alias, "callers reach the version that was deployed", [
    "name",
    "function_name",
    "function_version",
    "routing_config",
  ]);
  promise(asynchronous, "an asynchronous event is retried before it goes to the dead-letter queue", [
    "function_name",
    "qualifier",
    "maximum_retry_attempts",
    "maximum_event_age_in_seconds",
    "destination_config",
  ]);
}

/** One permission is for one route: a wider one lets other APIs call the function. */
export function promisePermission(permission: LambdaPermission): void {
  promise(permission, "the API may call the alias for this route only", [
    "action",
    "function_name",
    "qualifier",
    "principal",
    "source_arn",
    "source_account",
  ]);
}
