import { unknown } from "../../iam/unknown";
import { roleMay } from "../access/decide";
import { arnOf } from "../access/symbolic-text";
import { mayBeText } from "../partly-known";
import { permissionSize } from "../permission-size";
import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";
import { roleProblem } from "./deliveries/problems";
import { deliveryFindings, isOfFunction } from "./deliveries/rules";
import { logGroupName, logGroupOf } from "./log-group";

export function aliasesOf(lambda: Resource): readonly Resource[] {
  return lambda.stack.pointingAt(lambda, "aws_lambda_alias", "function_name");
}

export const lambdaRules: readonly Rule[] = [
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
      const mode = lambda.text("tracing_config.mode");
      return !lambda.mayBe("tracing_config.mode", "Active") && `tracing_config.mode is ${mode ?? "absent"}`;
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
      const unknown = lambda.isUnknown("function_name") || lambda.isUnknown("logging_config.log_group");
      return (
        !group && !unknown && !groupOfAnother(lambda) && `the stack has no log group ${logGroupName(lambda)}`
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

/** Whether a function's log group is one that a data source finds, or one whose name only Terraform knows. */
function groupOfAnother(lambda: Resource): boolean {
  const others = lambda.stack.all("data.aws_cloudwatch_log_group", "data.aws_cloudwatch_log_groups");
  const all = [...others, ...lambda.stack.all("aws_cloudwatch_log_group")];
  return (
    others.some((group) => group.text("name") === logGroupName(lambda)) ||
    all.some((group) => mayBeText(group.value("name"), logGroupName(lambda)))
  );
}
