import { both, change, type Edit, remove, type StatementJson, set, statement, statements } from "./edit";
import type { Fault } from "./fault";

const fn = "aws_lambda_function";
const api = "api-function/function";
const key = "aws_kms_key_policy";
const stage = "aws_api_gateway_stage";
const table = "aws_dynamodb_table";

const promised = (fault: string, plant: Edit, ...also: readonly string[]): Fault => ({
  caughtBy: "stack-promises-kept",
  fault,
  in: "promised",
  plant,
  also,
});

const without =
  (...sids: readonly string[]) =>
  (all: StatementJson[]): readonly StatementJson[] =>
    all.filter(({ Sid }) => !sids.includes(Sid ?? ""));

const otherZip = "data.archive_file.stream-function_package_zip_60FBA78B";
const otherObject = "aws_s3_object.stream-function_package_object_A3B57E53";

/** What no rule can know, because only the stack says what it is for. */
export const promiseFaults: readonly Fault[] = [
  promised(
    "another package's hash and object, which belong together",
    both(
      set(fn, api, "source_code_hash", `\${${otherZip}.output_base64sha256}`),
      set(fn, api, "s3_key", `\${${otherObject}.key}`),
    ),
  ),
  promised(
    "an alias on a version that somebody once published",
    set("aws_lambda_alias", "api-function/live", "function_version", "1"),
  ),
  promised(
    "an alias on another function's version",
    set(
      "aws_lambda_alias",
      "api-function/live",
      "function_version",
      "${aws_lambda_function.stream-function_1E34A5E0.version}",
    ),
  ),
  promised(
    "a key without its grant to alarms",
    statements(key, "policy", without("AlarmsPublish")),
    "sns-alarm-topic-key-policy",
  ),
  promised(
    "a key that leaves nothing to IAM",
    statements(key, "policy", without("LeaveItToIam")),
    "deliveries-key",
    "dynamodb-key-usable",
    "kms-policy-admits-account",
    "lambda-mapping-permission",
    "lambda-variables-key",
  ),
  promised(
    "a delivery role without a statement",
    statements("aws_iam_role_policy", "delivery-policy", without("OwnErrors")),
    "deliveries-role",
  ),
  promised("a function without its table's name", set(fn, api, "environment.variables.TABLE_NAME")),
  promised(
    "another resource's name as the table's",
    set(fn, api, "environment.variables.TABLE_NAME", "${aws_sqs_queue.dead-letter-queue_9C8F6649.name}"),
  ),
  promised(
    "the table of another environment",
    set(fn, api, "environment.variables.TABLE_NAME", "serverless-app-items-dev"),
  ),
  promised("another environment's name", set(fn, api, "environment.variables.ENVIRONMENT", "dev")),
  promised("another service's name", set(fn, api, "environment.variables.POWERTOOLS_SERVICE_NAME", "stream")),
  promised("a log that is not JSON", set(fn, api, "logging_config.log_format", "Text")),
  promised("no log settings", set(fn, api, "logging_config")),
  promised(
    "another retention that CloudWatch Logs accepts",
    set("aws_cloudwatch_log_group", "api-function/log-group/group", "retention_in_days", 7),
  ),
  promised("a stage without its variable", set(stage, "stage", "variables")),
  promised("a stage with another variable", set(stage, "stage", "variables", { env: "prod" })),
  promised(
    "triggers that never change",
    set("aws_api_gateway_deployment", "deployment", "triggers.references", "constant"),
  ),
  promised(
    "triggers that always change",
    set("aws_api_gateway_deployment", "deployment", "triggers.references", "${timestamp()}"),
    "api-gateway-deployment-triggers",
  ),
  promised(
    "keys of another type",
    change<Readonly<Record<string, string>>[]>(table, "table", "attribute", (all) =>
      all.map((one) => ({ ...one, type: "S" })),
    ),
  ),
  promised(
    "keys in the other order",
    both(set(table, "table", "hash_key", "timestamp"), set(table, "table", "range_key", "id")),
  ),
  promised("another attribute for time to live", set(table, "table", "ttl.attribute_name", "expires_at")),
  promised("a stream without new images", set(table, "table", "stream_view_type", "OLD_IMAGE")),
  promised(
    "a filter that drops everything",
    set("aws_lambda_event_source_mapping", "mapping", "filter_criteria", {
      filter: [{ pattern: '{"eventName":["NOTHING"]}' }],
    }),
  ),
  promised(
    "a wider statement",
    statement("aws_iam_role_policy", "api-function/role-policy", "ItemsTable", {
      Action: ["dynamodb:GetItem", "dynamodb:Scan"],
    }),
  ),
  promised("a longer timeout that the gateway still accepts", set(fn, api, "timeout", 28)),
  promised(
    "an integration with another function's alias",
    set(
      "aws_api_gateway_integration",
      "api/post-items-integration",
      "uri",
      "${aws_lambda_alias.stream-function_live_D908CAB4.invoke_arn}",
    ),
    "api-gateway-integration-permission",
    "lambda-timeout-below-gateway",
  ),
  promised("a removed variable of the dashboard", remove("aws_cloudwatch_dashboard", "dashboard")),
];
