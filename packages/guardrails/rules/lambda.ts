import { unknown } from "../../iam/unknown";
import { roleMay } from "../access/decide";
import { arnOf } from "../access/symbolic-text";
import { permissionSize } from "../permission-size";
import { each, type Rule } from "../rule";
import { asRecord, type Resource } from "../stack-view";
import { roleProblem } from "./deliveries/problems";
import { deliveryFindings, isOfFunction } from "./deliveries/rules";
import { logGroupName, logGroupOf } from "./log-group";

/** API Gateway integrations that call a function. The gateway waits at most 29 seconds for a response. */
function behindApi(lambda: Resource): readonly Resource[] {
  const integrations = lambda.stack.all("aws_api_gateway_integration");
  return integrations.filter((integration) => integration.follow("uri", "aws_lambda_function") === lambda);
}

export function aliasesOf(lambda: Resource): readonly Resource[] {
  return lambda.stack.pointingAt(lambda, "aws_lambda_alias", "function_name");
}

function variables(lambda: Resource): Readonly<Record<string, unknown>> {
  return asRecord(lambda.value("environment.variables")) ?? {};
}

/** Variables that Lambda sets. It rejects a function that defines them. */
const reservedVariables =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_\w+)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/** Variable names that suggest a secret, and values that are clearly secrets. */
const secretName =
  /(^|_)(PASSWORD|PASSWD|SECRET|API_?KEY|PRIVATE_?KEY|ACCESS_?TOKEN|AUTH_?TOKEN|CREDENTIALS?)$/i;
const secretValue =
  /^(AKIA|ASIA)[A-Z0-9]{16}$|-----BEGIN [A-Z ]*PRIVATE KEY-----|^gh[pousr]_\w{30,}$|:\/\/[^/\s:]+:[^@\s]+@/;

/** Runtimes that AWS no longer supports or that Lambda refuses to create. */
const deprecatedRuntime =
  /^(nodejs(\d|1\d|20)\.x|nodejs|nodejs4\.3-edge|python(2\.7|3\.[6-9])|ruby2\.\d|java8|go1\.x|dotnetcore\d\.\d|dotnet[567]|provided)$/;

export const lambdaRules: readonly Rule[] = [
  {
    id: "lambda-handler-in-package",
    group: "lambda",
    demands: "A function's handler names a file in its package and an export of that file",
    why: "Lambda does not look for the handler until the first invocation, and then every request fails with Runtime.ImportModuleError or Runtime.HandlerNotFound.",
    fix: "Set handler to <file without extension>.<export>. For a file in a folder, use folder/file.export.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, { packages }) => {
      const handler = lambda.text("handler");
      const files = packages.filesOf(lambda);
      if (!handler || !files || !lambda.text("runtime")?.startsWith("nodejs")) return undefined;
      const file = packages.handlerFile(lambda);
      if (!file)
        return `handler is ${handler}, but the package contains ${[...files.keys()].slice(0, 5).join(", ")}`;
      const exported = packages.load(lambda)?.exports;
      const name = handler.slice(handler.lastIndexOf(".") + 1);
      if (!exported || exported.includes(name)) return undefined;
      return `handler is ${handler}, but ${file} exports ${exported.join(", ") || "nothing"}`;
    }),
  },
  {
    id: "lambda-package-loads-alone",
    group: "lambda",
    demands: "A function's file loads with only its package and Node.js's built-in modules",
    why: "Lambda runs the zip without node_modules. A module that was not bundled is missing at the first invocation, and every request fails.",
    fix: "Bundle the module (remove it from esbuild's `external`), or add it to the package.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, { packages }) => {
      if (!lambda.text("runtime")?.startsWith("nodejs")) return undefined;
      const failure = packages.load(lambda)?.failure;
      return failure && `${packages.handlerFile(lambda)} cannot be loaded: ${failure}`;
    }),
  },
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
    id: "lambda-code-from-s3",
    group: "lambda",
    demands: "A function's code comes from S3",
    why: "A zip in the request is limited to 50 MB and uploaded from the machine that applies. Once it is replaced, you cannot roll back to it.",
    fix: "Upload the zip with an S3Object, and set s3Bucket and s3Key instead of filename.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      if (lambda.has("image_uri")) return undefined;
      if (lambda.has("filename")) return `filename is ${JSON.stringify(lambda.raw("filename"))}`;
      return (!lambda.has("s3_bucket") || !lambda.has("s3_key")) && "s3_bucket or s3_key is absent";
    }),
  },
  {
    id: "lambda-code-hash",
    group: "lambda",
    demands: "A function has source_code_hash or s3_object_version",
    why: "Otherwise Terraform compares only the key. New code under the same key is never deployed, and the plan shows “No changes”.",
    fix: "Set sourceCodeHash to the base64-encoded SHA-256 of the zip, such as output_base64sha256 of data.archive_file.",
    mirrors: [],
    check: each(
      "aws_lambda_function",
      (lambda) =>
        !lambda.has("source_code_hash") &&
        !lambda.has("s3_object_version") &&
        !lambda.has("image_uri") &&
        "source_code_hash and s3_object_version are absent",
    ),
  },
  {
    id: "lambda-metrics-namespace",
    group: "lambda",
    demands: "A function that writes metrics sets POWERTOOLS_METRICS_NAMESPACE",
    why: "Otherwise Powertools throws or writes to a default namespace, and dashboards and alarms stay empty.",
    fix: "Set POWERTOOLS_METRICS_NAMESPACE in environment.variables.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, { settings, packages }) => {
      const found = variables(lambda).POWERTOOLS_METRICS_NAMESPACE;
      const expected = settings.metricsNamespace;
      if (found !== undefined && found !== "" && (!expected || found === expected)) return undefined;
      if (found !== undefined)
        return `POWERTOOLS_METRICS_NAMESPACE is ${JSON.stringify(found)}${expected ? `, not ${expected}` : ""}`;
      const files = packages.filesOf(lambda);
      const uses = [...(files?.values() ?? [])].some((code) => code.includes("POWERTOOLS_METRICS_NAMESPACE"));
      return (expected || uses) && "POWERTOOLS_METRICS_NAMESPACE is absent";
    }),
  },
  {
    id: "lambda-dead-letter-queue",
    group: "lambda",
    demands: "A function has a dead-letter queue or an on-failure destination",
    why: "Otherwise an asynchronous event that fails three times is dropped without a trace.",
    fix: "Set deadLetterConfig.targetArn to a queue, or destinationConfig.onFailure on its event-invoke configuration.",
    mirrors: ["CKV_AWS_116", "cfn-lint-serverless ES1007"],
    check: each("aws_lambda_function", (lambda) => {
      const configs = lambda.stack.pointingAt(
        lambda,
        "aws_lambda_function_event_invoke_config",
        "function_name",
      );
      const hasDestination = configs.some((config) =>
        config.has("destination_config.on_failure.destination"),
      );
      return (
        !lambda.has("dead_letter_config.target_arn") &&
        !hasDestination &&
        "dead_letter_config and an on-failure destination are absent"
      );
    }),
  },
  {
    id: "lambda-dead-letter-permission",
    group: "lambda",
    demands: "A function's role is allowed to send to its dead-letter queue and its destinations",
    why: "AWS rejects the function at apply, or drops failed events without a trace.",
    fix: "Allow sqs:SendMessage on that queue (sns:Publish on a topic, events:PutEvents on a bus, lambda:InvokeFunction on an alias, s3:PutObject and s3:ListBucket on a bucket) in the role's policy.",
    mirrors: [],
    check: ({ stack }) => deliveryFindings(stack, roleProblem, isOfFunction),
  },
  {
    id: "lambda-waits-for-permissions",
    group: "lambda",
    demands: "A function with a dead-letter queue depends on its role's policy",
    why: "Lambda checks permission to send when it creates the function, so the first apply fails if the policy is created later.",
    fix: "Add the role's policies to the function's dependsOn.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      const role = lambda.follow("role", "aws_iam_role");
      if (!lambda.has("dead_letter_config") || !role) return undefined;
      const policies = ["aws_iam_role_policy", "aws_iam_role_policy_attachment"].flatMap((type) =>
        lambda.stack.pointingAt(role, type, "role"),
      );
      const waitedFor = lambda.texts("depends_on");
      const missed = policies.filter((policy) => !waitedFor.includes(policy.address));
      return (
        missed.length === policies.length && missed.length > 0 && `depends_on lacks ${missed[0]?.address}`
      );
    }),
  },
  {
    id: "lambda-tracing",
    group: "lambda",
    demands: "A function has active X-Ray tracing",
    why: "Without traces you cannot tell where a slow request spent its time.",
    fix: 'Set tracingConfig: { mode: "Active" }.',
    mirrors: ["CKV_AWS_50", "Lambda.7", "cfn-lint-serverless WS1000"],
    check: each("aws_lambda_function", (lambda) => {
      const mode = lambda.value("tracing_config.mode");
      return mode !== "Active" && `tracing_config.mode is ${mode ?? "absent"}`;
    }),
  },
  {
    id: "lambda-tracing-permission",
    group: "lambda",
    demands: "A traced function's role is allowed to write traces",
    why: "Otherwise Lambda drops the segments silently, and X-Ray stays empty.",
    fix: "Allow xray:PutTraceSegments and xray:PutTelemetryRecords on * in the role's policy.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      const role = lambda.follow("role", "aws_iam_role");
      if (!role || lambda.value("tracing_config.mode") !== "Active") return undefined;
      return (
        roleMay(role, { action: "xray:PutTraceSegments", resource: "*" }) === false &&
        `role ${role.path} is not allowed xray:PutTraceSegments`
      );
    }),
  },
  {
    id: "lambda-logs-permission",
    group: "lambda",
    demands: "A function's role is allowed to write to its log group",
    why: "Otherwise Lambda silently drops every line that the function logs.",
    fix: "Allow logs:CreateLogStream and logs:PutLogEvents on <log group ARN>:* in the role's policy.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      const role = lambda.follow("role", "aws_iam_role");
      const group = logGroupOf(lambda);
      if (!role || !group) return undefined;
      const missing = ["logs:CreateLogStream", "logs:PutLogEvents"].filter(
        (action) =>
          roleMay(role, { action, resource: `${arnOf(group)}:log-stream:${unknown("stream")}` }) === false,
      );
      return missing.length > 0 && `role ${role.path} is not allowed ${missing.join(", ")} on ${group.path}`;
    }),
  },
  {
    id: "lambda-log-group",
    group: "lambda",
    demands: "The stack creates a function's log group before the function",
    why: "Otherwise Lambda creates the group at the first invocation, without a retention, and its lines are stored and billed forever.",
    fix: "Add a CloudwatchLogGroup named /aws/lambda/<function name> with a retention, and add it to the function's dependsOn.",
    mirrors: ["cfn-lint-serverless WS1004"],
    check: each("aws_lambda_function", (lambda) => {
      const group = logGroupOf(lambda);
      if (!group && (lambda.isUnknown("function_name") || lambda.isUnknown("logging_config.log_group")))
        return undefined;
      return !group && `the stack has no log group ${logGroupName(lambda)}`;
    }),
  },
  {
    id: "lambda-runtime-supported",
    group: "lambda",
    demands: "A function uses a runtime that AWS supports",
    why: "A deprecated runtime gets no security fixes. Lambda refuses to create functions on it, and later to update them.",
    fix: "Set runtime to a current one, such as nodejs22.x.",
    mirrors: ["CKV_AWS_363", "Lambda.2", "AwsSolutions-L1"],
    check: each("aws_lambda_function", (lambda) => {
      const runtime = lambda.text("runtime");
      return runtime && deprecatedRuntime.test(runtime) && `runtime is ${runtime}`;
    }),
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
        lambda && `${version}`.includes(`${lambda.address}.version`) && !lambda.isTrue("publish");
      return (
        unpublished &&
        `publish on ${lambda.path} is ${lambda.text("publish") ?? "absent"}, so its version is $LATEST`
      );
    }),
  },
  {
    id: "lambda-permission-alias",
    group: "lambda",
    demands: "A permission is granted on the function's alias if it has one",
    why: "A permission on the function does not apply to its alias: the caller gets a 500 with “Invalid permissions on Lambda function”.",
    fix: "Set qualifier to the name of the alias.",
    mirrors: [],
    check: each("aws_lambda_permission", (permission) => {
      const lambda = permission.follow("function_name", "aws_lambda_function");
      if (!lambda || aliasesOf(lambda).length === 0 || permission.has("qualifier")) return undefined;
      if (permission.follow("function_name", "aws_lambda_alias")) return undefined;
      return `qualifier is absent, but ${lambda.path} has an alias`;
    }),
  },
  {
    id: "lambda-permissions-fit",
    group: "lambda",
    demands: "The permissions on a function or alias fit into its resource policy, which is limited to 20 KB",
    why: "Lambda rejects the first permission that does not fit (PolicyLengthExceededException), when part of the deployment is already done. With one permission per route of an API, that happens after about 50 routes.",
    fix: "Replace the permissions of several routes with one whose sourceArn ends with `/<stage>/*`.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      const sizes = new Map<string, number>();
      for (const permission of lambda.stack.pointingAt(lambda, "aws_lambda_permission", "function_name")) {
        const qualifier = `${permission.value("qualifier") ?? ""}`;
        sizes.set(qualifier, (sizes.get(qualifier) ?? 0) + permissionSize(permission));
      }
      // The policy around the statements.
      const limit = 20_480 - 60;
      return [...sizes]
        .filter(([, size]) => size > limit)
        .map(
          ([qualifier, size]) => `the permissions${qualifier && ` on ${qualifier}`} take up ${size} bytes`,
        );
    }),
  },
  {
    id: "lambda-permission-source",
    group: "lambda",
    demands: "A service's permission to invoke names its source: source_arn or source_account",
    why: "Otherwise any AWS account can make that service invoke the function (the confused deputy problem).",
    fix: "Set sourceArn to the ARN of the invoking resource, for example the API's execution ARN with stage, method and path.",
    mirrors: ["CKV_AWS_364"],
    check: each(
      "aws_lambda_permission",
      (permission) =>
        permission.text("principal")?.endsWith(".amazonaws.com") &&
        !permission.has("source_arn") &&
        !permission.has("source_account") &&
        `${permission.text("principal")} can invoke it for any account`,
    ),
  },
  {
    id: "lambda-permission-not-public",
    group: "lambda",
    demands: "No permission lets everyone invoke a function",
    why: "Otherwise anyone with an AWS account can call it, and you pay.",
    fix: "Set principal to one service or account.",
    mirrors: ["CKV_AWS_301", "Lambda.1"],
    check: each(
      "aws_lambda_permission",
      (permission) =>
        permission.value("principal") === "*" && !permission.has("principal_org_id") && "principal is *",
    ),
  },
  {
    id: "lambda-url-authorized",
    group: "lambda",
    demands: "A function URL requires IAM authorization",
    why: "With NONE, anyone on the internet can call it.",
    fix: 'Set authorizationType to "AWS_IAM".',
    mirrors: ["CKV_AWS_258"],
    check: each(
      "aws_lambda_function_url",
      (url) => url.value("authorization_type") === "NONE" && "authorization_type is NONE",
    ),
  },
  {
    id: "lambda-no-secrets",
    group: "lambda",
    demands: "No environment variable holds a secret",
    why: "Variables appear in clear text in the console, in the state and in the synthesized JSON.",
    fix: "Store the secret in Secrets Manager or a SecureString parameter, and pass its ARN to the function.",
    mirrors: ["CKV_AWS_45"],
    check: each("aws_lambda_function", (lambda) =>
      Object.entries(variables(lambda)).flatMap(([name, value]) => {
        const text = typeof value === "string" ? value : "";
        const isReference = text === "" || text.includes("${") || text.startsWith("arn:");
        return secretValue.test(text) || (secretName.test(name) && !isReference)
          ? [`variable ${name} looks like a secret`]
          : [];
      }),
    ),
  },
  {
    id: "lambda-own-variables",
    group: "lambda",
    demands: "Environment variables have names of letters, digits and _, and none that Lambda reserves",
    why: "AWS rejects the function at apply.",
    fix: "Rename the variable.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) =>
      Object.keys(variables(lambda))
        .filter((name) => reservedVariables.test(name) || !/^[A-Za-z]\w+$/.test(name))
        .map((name) => `variable ${name} is reserved or invalid`),
    ),
  },
  {
    id: "lambda-variables-size",
    group: "lambda",
    demands: "A function's environment variables take at most 4 KB in total",
    why: "AWS rejects the function at apply.",
    fix: "Store long values in SSM parameters, and pass their names to the function.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      const size = Buffer.byteLength(JSON.stringify(variables(lambda)));
      return size > 4_096 && `environment.variables take ${size} bytes`;
    }),
  },
  {
    id: "lambda-async-alias",
    group: "lambda",
    demands: "An event-invoke configuration applies to the function's alias if it has one",
    why: "Otherwise calls through the alias keep the defaults: two retries over six hours, and no destination.",
    fix: "Set qualifier to the name of the alias.",
    mirrors: [],
    check: each("aws_lambda_function_event_invoke_config", (config) => {
      const lambda = config.follow("function_name", "aws_lambda_function");
      return lambda && aliasesOf(lambda).length > 0 && !config.has("qualifier") && "qualifier is absent";
    }),
  },
];
