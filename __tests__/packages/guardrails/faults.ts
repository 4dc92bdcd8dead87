import { application } from "../../../stacks/environments";
import { accessFaults } from "./access-faults";
import {
  add,
  both,
  change,
  copy,
  type Edit,
  remove,
  removeAll,
  type StatementJson,
  set,
  statement,
  statements,
} from "./edit";
import type { Fault } from "./fault";
import { limitFaults } from "./faults-of-limits";
import { packageFaults } from "./faults-of-packages";
import { promiseFaults } from "./faults-of-promises";
import { stackFaults } from "./faults-of-stacks";

import { singleFaults } from "./single-faults";

export type { Fault } from "./fault";

const fixed = (form: Edit | "without it", fault: Fault): Fault => ({ ...fault, fixed: form });

const prod = (caughtBy: string, fault: string, plant: Edit, ...also: readonly string[]): Fault => ({
  in: "prod",
  fault,
  plant,
  caughtBy,
  also,
});
const worker = (caughtBy: string, fault: string, plant: Edit, ...also: readonly string[]): Fault => ({
  ...prod(caughtBy, fault, plant, ...also),
  in: "worker",
});
const account = (caughtBy: string, fault: string, plant: Edit, ...also: readonly string[]): Fault => ({
  ...prod(caughtBy, fault, plant, ...also),
  in: "account",
});

/** Adds a resource with another path part beside one of the API's. */
const variable = (beside: string, id: string, part: string) =>
  both(copy("aws_api_gateway_resource", beside, id), set("aws_api_gateway_resource", id, "path_part", part));

/** Adds a path parameter to an API that another stack creates. */
const foreignVariable = (id: string, parent: string, part: string): Edit =>
  add("aws_api_gateway_resource", id, { rest_api_id: "${var.api}", parent_id: parent, path_part: part });

const fn = "aws_lambda_function";
const api = "api-function/function";
const mapping = "aws_lambda_event_source_mapping";
const stage = "aws_api_gateway_stage";
const settings = "aws_api_gateway_method_settings";
const alarm = "aws_cloudwatch_metric_alarm";
const firehose = "aws_kinesis_firehose_delivery_stream";
const delivery = "access-log-delivery/stream";
const lifecycle = "aws_s3_bucket_lifecycle_configuration";
const rolePolicy = "aws_iam_role_policy";
const bucketPolicy = "aws_s3_bucket_policy";
const logPolicy = "log-bucket/bucket/policy";

/** Replaces a function's package with some files. */
const packaged = (files: Readonly<Record<string, string>>): Edit =>
  both(
    set("data.archive_file", "api-function/package/zip", "source_dir"),
    set(
      "data.archive_file",
      "api-function/package/zip",
      "source",
      Object.entries(files).map(([filename, content]) => ({ filename, content })),
    ),
  );

const without =
  (...sids: readonly string[]) =>
  (all: StatementJson[]): readonly StatementJson[] =>
    all.filter(({ Sid }) => !sids.includes(Sid ?? ""));

const also =
  (one: StatementJson) =>
  (all: StatementJson[]): readonly StatementJson[] => [...all, one];

const replaced = (search: string | RegExp, by: string) => (text: string) => text.replace(search, by);

/** Changes which requests the permission of `GET /items/{id}` allows. */
const allowing = (requests: string): Edit =>
  change<string>("aws_lambda_permission", "invoke-get-items-id", "source_arn", (arn) =>
    arn.replace(/\}.*$/, `}${requests}`),
  );

/** Adds permissions of one API to invoke its function, each of a size that is usual. */
const permissions = (count: number): Edit =>
  both(
    ...Array.from({ length: count }, (_, index) =>
      copy("aws_lambda_permission", "invoke-get-items-id", `invoke-get-more-${index}`),
    ),
  );

const domain = (tls: string): Edit =>
  add("aws_api_gateway_domain_name", "domain", { domain_name: "api.example.com", security_policy: tls });

const webAcl = (...rule: readonly Rule[]): Edit =>
  add("aws_wafv2_web_acl", "acl", {
    name: "api-prod",
    scope: "REGIONAL",
    default_action: { allow: {} },
    rule,
  });

/** Gives the table a provisioned capacity, with auto scaling for some dimensions. */
const provisioned = (...dimensions: readonly string[]): Edit =>
  both(
    set("aws_dynamodb_table", "table", "billing_mode", "PROVISIONED"),
    set("aws_dynamodb_table", "table", "read_capacity", 5),
    set("aws_dynamodb_table", "table", "write_capacity", 5),
    ...dimensions.map((dimension) =>
      add("aws_appautoscaling_target", dimension, {
        resource_id: "table/${aws_dynamodb_table.items-table_1F7CDFD5.name}",
        scalable_dimension: `dynamodb:table:${dimension}`,
        service_namespace: "dynamodb",
        min_capacity: 1,
        max_capacity: 100,
      }),
    ),
  );

const model = (name: string, schema: string): Edit =>
  add("aws_api_gateway_model", "model", {
    rest_api_id: "${aws_api_gateway_rest_api.api_4F59AA66.id}",
    name,
    content_type: "application/json",
    schema,
  });

/** Of another API, because this one has its own responses. */
const gatewayResponse = (attributes: Readonly<Record<string, unknown>>): Edit =>
  add("aws_api_gateway_gateway_response", "response", {
    rest_api_id: "${data.aws_api_gateway_rest_api.other.id}",
    ...attributes,
  });

/** A role for GitHub's pipelines, with additional conditions. */
const trustedRepository = (conditions: Readonly<Record<string, string>>): Edit =>
  add("aws_iam_role", "ci", {
    name: "ci-account",
    assume_role_policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: {
            Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
          },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com", ...conditions },
          },
        },
      ],
    }),
  });

/** Attaches an AWS-managed policy to the API function's role. */
const attached = (policy: string): Edit =>
  both(
    remove("aws_iam_role_policy_attachments_exclusive", "api-function/exclusive-policies/attached"),
    add("aws_iam_role_policy_attachment", "attached", {
      role: "${aws_iam_role.api-function_role_99402C8A.name}",
      policy_arn: `arn:aws:iam::aws:policy/${policy}`,
    }),
  );

/** A policy that allows log delivery to a number of groups. */
const logPolicyOf = (groups: number): Edit =>
  add("aws_cloudwatch_log_resource_policy", "long", {
    policy_name: "long",
    policy_document: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: "logs:PutLogEvents",
          Resource: Array.from(
            { length: groups },
            (_, index) => `arn:aws:logs:eu-west-1:123456789012:log-group:/group/number/${index}:*`,
          ),
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    }),
  });

/** One more subscription of the access log, with a name of its own. */
const subscription = (name: string): Edit =>
  both(
    copy("aws_cloudwatch_log_subscription_filter", "subscription", name),
    set("aws_cloudwatch_log_subscription_filter", name, "name", name),
  );

type Rule = Record<string, unknown>;
const lifecycleRules = (edit: (rules: Rule[]) => Rule[]): Edit =>
  change(lifecycle, "log-bucket/lifecycle", "rule", edit);
const firstRule = (to: Rule): Edit => lifecycleRules(([first, ...rest]) => [{ ...first, ...to }, ...rest]);

/** The catalogue. A new fault is one entry, and each rule has at least one. */
export const faults: readonly Fault[] = [
  // The ten failures that the guardrails were built for.
  prod(
    "lambda-handler-in-package",
    "a handler that the file does not export",
    set(fn, api, "handler", "index.main"),
  ),
  worker(
    "lambda-handler-in-package",
    "a handler without an export, of a package that is elsewhere",
    set(fn, "worker", "handler", "index"),
  ),
  prod(
    "lambda-handler-in-package",
    "a handler in a file that is not zipped",
    set(fn, api, "handler", "app.handler"),
  ),
  prod(
    "lambda-handler-in-package",
    "a file that was renamed",
    packaged({ "main.js": "exports.handler = () => {};" }),
  ),
  prod(
    "lambda-package-loads-alone",
    "a module that was not bundled",
    packaged({ "index.js": 'require("zod"); exports.handler = () => {};' }),
  ),
  prod(
    "lambda-package-loads-alone",
    "a local file that was not zipped",
    packaged({ "index.js": 'require("./lib"); exports.handler = () => {};' }),
  ),
  prod(
    "lambda-package-loads-alone",
    "code that does not parse",
    packaged({ "index.js": "exports.handler = ) => {};" }),
  ),
  prod(
    "lambda-package-loads-alone",
    "an ES module that was not bundled",
    packaged({ "index.mjs": 'import { z } from "zod"; export const handler = () => z;' }),
  ),
  prod(
    "lambda-reserved-concurrency",
    "no reserved concurrency",
    set(fn, api, "reserved_concurrent_executions"),
  ),
  prod(
    "lambda-reserved-concurrency",
    "reserved concurrency under a wrong name",
    both(set(fn, api, "reserved_concurrent_executions"), set(fn, api, "reserved_concurrency", 100)),
  ),
  prod(
    "lambda-reserved-concurrency",
    "reserved concurrency of 0",
    set(fn, api, "reserved_concurrent_executions", 0),
    "alarms-threshold-reachable",
  ),
  fixed(
    permissions(30),
    prod("lambda-permissions-fit", "more permissions than a function's policy has room for", permissions(60)),
  ),
  prod(
    "lambda-concurrency-within-quota",
    "more concurrency than the account has",
    set(fn, api, "reserved_concurrent_executions", 950),
  ),
  prod(
    "api-gateway-access-log-format",
    "an access log with line breaks",
    set(
      stage,
      "stage",
      "access_log_settings.format",
      '{"requestId":"$context.requestId",\n"extendedRequestId":"$context.extendedRequestId"}',
    ),
  ),
  prod(
    "api-gateway-access-log-format",
    "an access log that is not JSON",
    set(stage, "stage", "access_log_settings.format", "$context.requestId $context.extendedRequestId"),
  ),
  prod(
    "api-gateway-access-log-format",
    "an unquoted number in the access log",
    set(
      stage,
      "stage",
      "access_log_settings.format",
      '{"requestId":"$context.requestId","extendedRequestId":"$context.extendedRequestId","status":$context.status}',
    ),
  ),
  prod(
    "api-gateway-access-log-format",
    "an access log without requestId",
    set(stage, "stage", "access_log_settings.format", '{"extendedRequestId":"$context.extendedRequestId"}'),
  ),
  prod(
    "api-gateway-access-log-format",
    "an access log without extendedRequestId",
    set(stage, "stage", "access_log_settings.format", '{"requestId":"$context.requestId"}'),
  ),
  prod(
    "lambda-code-from-s3",
    "code from a file",
    both(set(fn, api, "s3_bucket"), set(fn, api, "s3_key"), set(fn, api, "filename", "assets/api.zip")),
  ),
  prod("lambda-code-from-s3", "a bucket without a key", set(fn, api, "s3_key")),
  prod(
    "lambda-metrics-namespace",
    "no metrics namespace",
    set(fn, api, "environment.variables", { TABLE_NAME: "items" }),
  ),
  prod(
    "lambda-metrics-namespace",
    "a wrong metrics namespace",
    set(fn, api, "environment.variables", { POWERTOOLS_METRICS_NAMESPACE: "App" }),
  ),
  fixed(
    "without it",
    prod(
      "api-gateway-account-apart",
      "API Gateway's account settings in an environment's stack",
      add("aws_api_gateway_account", "account", {
        cloudwatch_role_arn: "arn:aws:iam::123456789012:role/logs",
      }),
    ),
  ),
  prod(
    "s3-log-bucket-deliverer-may-write",
    "a delivery role that cannot write",
    statements(rolePolicy, "delivery-policy", without("Objects")),
  ),
  prod(
    "s3-log-bucket-deliverer-may-write",
    "a bucket policy that denies its delivery role",
    statement(bucketPolicy, logPolicy, "NobodyElseWrites", {
      Condition: { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/other" } },
    }),
  ),
  prod(
    "s3-log-bucket-nobody-else-writes",
    "a log bucket that the whole account can write to",
    statements(bucketPolicy, logPolicy, without("NobodyElseWrites")),
  ),
  prod(
    "s3-log-bucket-nobody-else-writes",
    "a log bucket that another account can write to",
    statement(bucketPolicy, logPolicy, "FirehoseDelivers", {
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
    }),
  ),
  prod(
    "s3-log-bucket-nobody-else-writes",
    "a log bucket that a service can write to for any account",
    statement(bucketPolicy, logPolicy, "ApiGatewayDelivers", { Condition: {} }),
    "iam-service-source",
  ),
  prod(
    "lambda-dead-letter-permission",
    "a function that cannot send to its dead-letter queue",
    statements(rolePolicy, "api-function/role-policy", without("DeadLetterQueue")),
  ),
  prod(
    "lambda-dead-letter-permission",
    "permission to send to another queue",
    statement(rolePolicy, "api-function/role-policy", "DeadLetterQueue", {
      Resource: "arn:aws:sqs:eu-west-1:123456789012:other",
    }),
  ),
  prod(
    "lambda-dead-letter-permission",
    "a stream function that cannot send to its on-failure destination",
    statements(rolePolicy, "stream-function/role-policy", without("DeadLetterQueue")),
  ),
  prod(
    "dynamodb-keys-defined",
    "a range key without a definition",
    change<Rule[]>("aws_dynamodb_table", "table", "attribute", (all) => all.slice(0, 1)),
  ),
  prod(
    "dynamodb-keys-defined",
    "a definition that no key uses",
    change<Rule[]>("aws_dynamodb_table", "table", "attribute", (all) => [
      ...all,
      { name: "owner", type: "S" },
    ]),
  ),
  prod(
    "dynamodb-keys-defined",
    "an index on an attribute without a definition",
    set("aws_dynamodb_table", "table", "global_secondary_index", [
      { name: "by-owner", hash_key: "owner", projection_type: "ALL" },
    ]),
  ),
  prod("dynamodb-keys-defined", "no hash key", set("aws_dynamodb_table", "table", "hash_key")),
  prod(
    "dynamodb-keys-defined",
    "an attribute of type Number",
    change<Rule[]>("aws_dynamodb_table", "table", "attribute", ([id, timestamp]) => [
      { ...id },
      { ...timestamp, type: "Number" },
    ]),
  ),
  prod(
    "dynamodb-keys-defined",
    "the same attribute as both keys",
    both(
      set("aws_dynamodb_table", "table", "range_key", "id"),
      change<Rule[]>("aws_dynamodb_table", "table", "attribute", (all) => all.slice(0, 1)),
    ),
  ),

  // Functions.
  prod("lambda-code-hash", "code without a hash", set(fn, api, "source_code_hash")),
  prod("lambda-dead-letter-queue", "no dead-letter queue", set(fn, api, "dead_letter_config")),
  prod(
    "lambda-waits-for-permissions",
    "a function that does not depend on its role's policy",
    set(fn, api, "depends_on", []),
  ),
  prod("lambda-tracing", "pass-through tracing", set(fn, api, "tracing_config.mode", "PassThrough")),
  prod(
    "lambda-tracing-permission",
    "a function that cannot write traces",
    statements(rolePolicy, "api-function/role-policy", without("Tracing")),
  ),
  prod(
    "lambda-logs-permission",
    "a function that cannot write its log",
    statements(rolePolicy, "api-function/role-policy", without("OwnLogGroup")),
  ),
  prod(
    "lambda-logs-permission",
    "permission to write another log",
    statement(rolePolicy, "api-function/role-policy", "OwnLogGroup", {
      Resource: "${aws_cloudwatch_log_group.stream-function_log-group_BDFE5635.arn}:*",
    }),
  ),
  worker(
    "lambda-log-group",
    "no log group",
    both(
      remove("aws_cloudwatch_log_group", "worker"),
      set(
        "aws_apigatewayv2_stage",
        "live",
        "access_log_settings.destination_arn",
        "arn:aws:logs:eu-west-1:123456789012:log-group:x",
      ),
      remove("aws_cloudwatch_log_metric_filter", "slow"),
      set(fn, "worker", "depends_on", ["aws_iam_role_policy.worker"]),
    ),
  ),
  worker(
    "lambda-log-group",
    "a log group with another name",
    set("aws_cloudwatch_log_group", "worker", "name", "/aws/lambda/wroker"),
  ),
  prod("lambda-runtime-supported", "Node.js 18", set(fn, api, "runtime", "nodejs18.x")),
  prod("lambda-runtime-supported", "Node.js 20", set(fn, api, "runtime", "nodejs20.x")),
  prod("lambda-timeout-below-gateway", "a timeout longer than the gateway's", set(fn, api, "timeout", 60)),
  prod(
    "lambda-timeout-below-gateway",
    "a timeout longer than the integration's",
    set("aws_api_gateway_integration", "api/get-items-id-integration", "timeout_milliseconds", 5_000),
  ),
  prod("lambda-sized", "a function with the default memory", set(fn, api, "memory_size")),
  prod(
    "lambda-sized",
    "a function with the default timeout",
    set(fn, api, "timeout"),
    "alarms-threshold-reachable",
  ),
  prod(
    "lambda-alias-published",
    "an alias on $LATEST",
    set("aws_lambda_alias", "api-function/live", "function_version", "$LATEST"),
  ),
  prod("lambda-alias-published", "an alias on an unpublished version", set(fn, api, "publish", false)),
  prod(
    "lambda-permission-alias",
    "a permission without the alias",
    set("aws_lambda_permission", "invoke-post-items", "qualifier"),
  ),
  prod(
    "lambda-permission-source",
    "a permission for any API",
    set("aws_lambda_permission", "invoke-post-items", "source_arn"),
  ),
  prod(
    "lambda-permission-not-public",
    "a permission for everyone",
    set("aws_lambda_permission", "invoke-post-items", "principal", "*"),
  ),
  worker(
    "lambda-url-authorized",
    "a public function URL",
    set("aws_lambda_function_url", "worker", "authorization_type", "NONE"),
    "lambda-url-permission",
  ),
  prod(
    "lambda-no-secrets",
    "a password in a variable",
    set(fn, api, "environment.variables", {
      POWERTOOLS_METRICS_NAMESPACE: application.metricsNamespace,
      DB_PASSWORD: "hunter2",
    }),
  ),
  prod(
    "lambda-no-secrets",
    "an access key in a variable",
    set(fn, api, "environment.variables", {
      POWERTOOLS_METRICS_NAMESPACE: application.metricsNamespace,
      KEY: "AKIAIOSFODNN7EXAMPLE",
    }),
  ),
  prod(
    "lambda-own-variables",
    "a variable that Lambda sets",
    set(fn, api, "environment.variables", {
      POWERTOOLS_METRICS_NAMESPACE: application.metricsNamespace,
      AWS_REGION: "eu-west-1",
    }),
  ),
  prod(
    "lambda-variables-size",
    "more than 4 KB of variables",
    set(fn, api, "environment.variables", {
      POWERTOOLS_METRICS_NAMESPACE: application.metricsNamespace,
      RULES: "x".repeat(4_200),
    }),
  ),
  prod(
    "lambda-async-alias",
    "asynchronous settings that do not apply to the alias",
    set("aws_lambda_function_event_invoke_config", "api-function/asynchronous-invocation", "qualifier"),
  ),

  // Streams and queues that functions read.
  prod(
    "lambda-stream-failure-destination",
    "a stream without an on-failure destination",
    set(mapping, "mapping", "destination_config"),
  ),
  prod(
    "lambda-stream-bounded-retries",
    "unlimited retries",
    set(mapping, "mapping", "maximum_retry_attempts", -1),
  ),
  prod("lambda-stream-bounded-retries", "default retries", set(mapping, "mapping", "maximum_retry_attempts")),
  prod(
    "lambda-stream-bounded-age",
    "records of any age",
    set(mapping, "mapping", "maximum_record_age_in_seconds"),
  ),
  prod(
    "lambda-stream-bounded-age",
    "records older than the stream's retention",
    set(mapping, "mapping", "maximum_record_age_in_seconds", 604_800),
  ),
  prod(
    "lambda-stream-bisect",
    "batches that are not split",
    set(mapping, "mapping", "bisect_batch_on_function_error", false),
  ),
  prod(
    "lambda-stream-starting-position",
    "a start at the latest record",
    set(mapping, "mapping", "starting_position", "LATEST"),
  ),
  prod(
    "lambda-stream-starting-position",
    "no starting position",
    set(mapping, "mapping", "starting_position"),
  ),
  prod(
    "lambda-batch-size",
    "a batch larger than any stream allows",
    set(mapping, "mapping", "batch_size", 20_000),
  ),
  worker(
    "lambda-batch-size",
    "a large batch from a queue without a window",
    set(mapping, "jobs", "batch_size", 100),
  ),
  worker(
    "lambda-batch-size",
    "a large batch from a FIFO queue",
    both(
      set("aws_sqs_queue", "jobs", "fifo_queue", true),
      set("aws_sqs_queue", "jobs", "name", "jobs.fifo"),
      set(mapping, "jobs", "batch_size", 20),
    ),
    "deliveries-kind",
    "sqs-dead-letters-kind",
  ),
  prod(
    "lambda-partial-failures",
    "batches that fail as a whole",
    set(mapping, "mapping", "function_response_types", []),
  ),
  prod(
    "lambda-mapping-alias",
    "a stream that calls $LATEST",
    set(mapping, "mapping", "function_name", "${aws_lambda_function.stream-function_1E34A5E0.arn}"),
  ),
  prod(
    "lambda-mapping-permission",
    "a function that cannot read the stream",
    statements(rolePolicy, "stream-function/role-policy", without("ItemsStream")),
  ),
  worker(
    "lambda-mapping-permission",
    "a function that cannot read the queue",
    change<{ actions: string[] }[]>(
      "data.aws_iam_policy_document",
      "worker",
      "statement",
      ([first, ...rest]) => [{ ...first, actions: ["sqs:ReceiveMessage"] }, ...rest],
    ),
  ),
  prod(
    "dynamodb-stream-for-mapping",
    "a table without a stream",
    set("aws_dynamodb_table", "table", "stream_enabled", false),
  ),
  prod(
    "dynamodb-stream-images",
    "a stream of keys only",
    set("aws_dynamodb_table", "table", "stream_view_type", "KEYS_ONLY"),
  ),
  worker(
    "sqs-visibility-timeout",
    "a message that is redelivered while it is processed",
    set("aws_sqs_queue", "jobs", "visibility_timeout_seconds", 5),
  ),
  worker("sqs-redrive", "a queue without a redrive policy", set("aws_sqs_queue", "jobs", "redrive_policy")),

  // API Gateway.
  prod(
    "api-gateway-access-log-variables",
    "a misspelt variable in the access log",
    change<Rule>(stage, "stage", "access_log_settings", (log) => ({
      ...log,
      format: `${log.format}`.replace("$context.status", "$context.statusCode"),
    })),
  ),
  prod("api-gateway-access-log", "no access log", set(stage, "stage", "access_log_settings")),
  prod(
    "api-gateway-access-log-destination",
    "an access log straight to a bucket",
    set(stage, "stage", "access_log_settings.destination_arn", "${aws_s3_bucket.log-bucket_1E92143C.arn}"),
  ),
  prod(
    "api-gateway-access-log-destination",
    "an access log to a stream without the required name",
    set(
      stage,
      "stage",
      "access_log_settings.destination_arn",
      "${aws_kinesis_firehose_delivery_stream.access-log-delivery_stream_099E0CC7.arn}",
    ),
  ),
  prod(
    "api-gateway-execution-log",
    "no execution log",
    set(settings, "method-settings", "settings.logging_level", "OFF"),
  ),
  prod(
    "api-gateway-execution-log",
    "method settings for only one path",
    set(settings, "method-settings", "method_path", "items/GET"),
    "api-gateway-metrics",
    "api-gateway-throttling",
  ),
  prod(
    "api-gateway-execution-log-group",
    "an execution log group that API Gateway creates",
    both(remove("aws_cloudwatch_log_group", "execution-log/group"), set(stage, "stage", "depends_on")),
  ),
  prod(
    "api-gateway-no-data-trace",
    "request bodies in the log",
    set(settings, "method-settings", "settings.data_trace_enabled", true),
  ),
  prod(
    "api-gateway-metrics",
    "no metrics per method",
    set(settings, "method-settings", "settings.metrics_enabled", false),
  ),
  prod(
    "api-gateway-throttling",
    "no throttling",
    both(
      set(settings, "method-settings", "settings.throttling_rate_limit"),
      set(settings, "method-settings", "settings.throttling_burst_limit"),
    ),
  ),
  prod("api-gateway-tracing", "no traces", set(stage, "stage", "xray_tracing_enabled", false)),
  prod(
    "api-gateway-method-authorized",
    "a public method",
    set("aws_api_gateway_method", "api/post-items", "authorization", "NONE"),
  ),
  prod(
    "api-gateway-method-authorizer",
    "Cognito without an authorizer",
    set("aws_api_gateway_method", "api/post-items", "authorization", "COGNITO_USER_POOLS"),
  ),
  prod(
    "api-gateway-method-validated",
    "a method that is not validated",
    set("aws_api_gateway_method", "api/post-items", "request_validator_id"),
  ),
  prod(
    "api-gateway-integration-post",
    "a function integrated with GET",
    set("aws_api_gateway_integration", "api/get-items-id-integration", "integration_http_method", "GET"),
  ),
  prod(
    "api-gateway-integration-of-method",
    "an integration for another method",
    set("aws_api_gateway_integration", "api/post-items-integration", "http_method", "PUT"),
    "api-gateway-method-integrated",
    "api-gateway-integration-permission",
  ),
  prod(
    "api-gateway-integration-of-method",
    "an integration for another resource",
    set(
      "aws_api_gateway_integration",
      "api/post-items-integration",
      "resource_id",
      "${aws_api_gateway_resource.api_items-id_BCB702EC.id}",
    ),
    "api-gateway-method-integrated",
    "api-gateway-integration-permission",
  ),
  prod(
    "api-gateway-method-integrated",
    "a method without an integration",
    remove("aws_api_gateway_integration", "api/post-items-integration"),
  ),
  prod(
    "api-gateway-integration-alias",
    "an integration that calls $LATEST",
    set(
      "aws_api_gateway_integration",
      "api/post-items-integration",
      "uri",
      "${aws_lambda_function.api-function_6EE8A0DE.invoke_arn}",
    ),
    "api-gateway-integration-permission",
  ),
  prod("api-gateway-integration-permission", "no permission to invoke", removeAll("aws_lambda_permission")),
  prod(
    "api-gateway-integration-permission",
    "a route without its own permission",
    remove("aws_lambda_permission", "invoke-get-items-id"),
  ),
  prod(
    "api-gateway-integration-permission",
    "a permission for another method",
    allowing("/prod/PUT/items/*"),
  ),
  prod("api-gateway-integration-permission", "a permission for another path", allowing("/prod/GET/item/*")),
  prod("api-gateway-integration-permission", "a permission for another stage", allowing("/dev/GET/items/*")),
  prod(
    "api-gateway-integration-permission",
    "a permission that contains a parameter's name",
    allowing("/prod/GET/items/{id}"),
  ),
  prod("api-gateway-integration-permission", "a permission for the API without its requests", allowing("")),
  prod(
    "api-gateway-integration-permission",
    "a permission for another API",
    both(
      set(
        "aws_lambda_permission",
        "invoke-get-items-id",
        "source_arn",
        "${aws_api_gateway_rest_api.other.execution_arn}/*",
      ),
      add("aws_api_gateway_rest_api", "other", {
        name: "other-prod",
        lifecycle: { create_before_destroy: true },
      }),
    ),
  ),
  prod(
    "api-gateway-integration-permission",
    "a permission on another alias",
    set("aws_lambda_permission", "invoke-get-items-id", "qualifier", "next"),
  ),
  prod(
    "api-gateway-deployment-triggers",
    "a deployment without triggers",
    set("aws_api_gateway_deployment", "deployment", "triggers"),
  ),
  prod(
    "api-gateway-deployment-waits",
    "a deployment without dependencies",
    both(
      set("aws_api_gateway_deployment", "deployment", "depends_on"),
      set("aws_api_gateway_deployment", "deployment", "triggers", { version: "1" }),
    ),
  ),
  prod(
    "api-gateway-deployment-replaced-safely",
    "a deployment that is destroyed before its replacement",
    set("aws_api_gateway_deployment", "deployment", "lifecycle"),
  ),
  prod(
    "api-gateway-replaced-safely",
    "an API that is destroyed before its replacement",
    set("aws_api_gateway_rest_api", "api/api", "lifecycle"),
  ),
  prod(
    "api-gateway-cache-encrypted",
    "a cache in clear text",
    set(settings, "method-settings", "settings.caching_enabled", true),
  ),
  fixed(
    domain("TLS_1_2"),
    prod("api-gateway-domain-tls", "a domain that accepts TLS 1.0", domain("TLS_1_0")),
  ),
  fixed(
    webAcl({ name: "ip-reputation", override_action: { none: {} } }),
    prod("api-gateway-web-acl", "a web ACL without rules", webAcl()),
  ),
  fixed(
    webAcl({ name: "ip-reputation", action: { block: {} } }),
    prod("api-gateway-web-acl", "a rule without an action", webAcl({ name: "ip-reputation" })),
  ),
  ...["DEFAULT_4XX", "DEFAULT_5XX", "API_CONFIGURATION_ERROR", "EXPIRED_TOKEN", "WAF_FILTERED"].map((type) =>
    fixed(
      gatewayResponse({ response_type: type }),
      prod(
        "api-gateway-response-status",
        `${type} with a status`,
        gatewayResponse({ response_type: type, status_code: "500" }),
      ),
    ),
  ),
  fixed(
    "without it",
    prod(
      "api-gateway-response-status",
      "INTEGRATION_FAILURE without a status",
      gatewayResponse({ response_type: "INTEGRATION_FAILURE" }),
    ),
  ),
  ...[
    '{"status":500}',
    '{"statusCode": "500"}',
    '{"title":"Failed", "status" : 500, "x":1}',
    '{"status":$context.status}',
    '{"status":"$context.responseOverride.status"}',
    "<error><status>500</status></error>",
  ].map((template) =>
    fixed(
      gatewayResponse({
        response_type: "DEFAULT_5XX",
        response_templates: {
          "application/json":
            '{"status":"error","statusText":"500 of 500","kind":"$context.error.responseType","detail":$context.error.messageString}',
          "application/xml": "<error><status>failed</status></error>",
        },
      }),
      prod(
        "api-gateway-response-status",
        `DEFAULT_5XX with the status in the body: ${template}`,
        gatewayResponse({
          response_type: "DEFAULT_5XX",
          response_templates: { "application/json": template },
        }),
      ),
    ),
  ),
  prod(
    "api-gateway-path-part",
    "a resource with two path segments",
    set("aws_api_gateway_resource", "api/items-id", "path_part", "items/{id}"),
  ),
  fixed(
    variable("api/items-id", "second", "other"),
    prod(
      "api-gateway-sibling-variables",
      "another parameter in the same place",
      variable("api/items-id", "second", "{itemId}"),
    ),
  ),
  fixed(
    variable("api/items-id", "second", "rest"),
    prod(
      "api-gateway-sibling-variables",
      "a greedy parameter beside another one",
      variable("api/items-id", "second", "{rest+}"),
    ),
  ),
  fixed(
    both(variable("api/items", "first", "{a}"), variable("api/items-id", "second", "b")),
    prod(
      "api-gateway-sibling-variables",
      "two parameters below the root",
      both(variable("api/items", "first", "{a}"), variable("api/items", "second", "{b}")),
    ),
  ),
  ...["${data.aws_api_gateway_resource.shared.id}", "${var.parent}", "a1b2c3"].map((parent) =>
    fixed(
      both(foreignVariable("first", parent, "{a}"), foreignVariable("second", "another", "{b}")),
      prod(
        "api-gateway-sibling-variables",
        `two parameters below ${parent}, which is not in the stack`,
        both(foreignVariable("first", parent, "{a}"), foreignVariable("second", parent, "{b}")),
      ),
    ),
  ),
  prod(
    "api-gateway-stage-variables",
    "a stage variable with a space",
    set(stage, "stage", "variables", { greeting: "hello world" }),
  ),
  fixed(
    model("PostItems", "{}"),
    prod("api-gateway-model", "a model's name with a hyphen", model("post-items", "{}")),
  ),
  fixed(
    model("PostItems", "{}"),
    prod("api-gateway-model", "a model that is not JSON", model("PostItems", "{type: object}")),
  ),
  worker(
    "api-gateway-http-authorized",
    "a public route",
    set("aws_apigatewayv2_route", "orders", "authorization_type"),
  ),
  worker(
    "api-gateway-http-access-log",
    "an HTTP API without a log",
    set("aws_apigatewayv2_stage", "live", "access_log_settings"),
  ),

  // Data.
  prod(
    "dynamodb-point-in-time-recovery",
    "no point-in-time recovery",
    set("aws_dynamodb_table", "table", "point_in_time_recovery.enabled", false),
  ),
  prod(
    "dynamodb-deletion-protection",
    "a table that can be deleted",
    set("aws_dynamodb_table", "table", "deletion_protection_enabled", false),
  ),
  prod(
    "dynamodb-deletion-protection",
    "a table that Terraform can destroy",
    set("aws_dynamodb_table", "table", "lifecycle"),
  ),
  prod(
    "dynamodb-capacity",
    "no capacity",
    set("aws_dynamodb_table", "table", "billing_mode", "PROVISIONED"),
    "dynamodb-scales",
  ),
  prod(
    "dynamodb-capacity",
    "capacity on an on-demand table",
    set("aws_dynamodb_table", "table", "read_capacity", 5),
  ),
  fixed(
    provisioned("ReadCapacityUnits", "WriteCapacityUnits"),
    prod("dynamodb-scales", "fixed capacity", provisioned()),
  ),
  fixed(
    provisioned("ReadCapacityUnits", "WriteCapacityUnits"),
    prod("dynamodb-scales", "writes that do not scale", provisioned("ReadCapacityUnits")),
  ),
  prod(
    "dynamodb-ttl",
    "time to live on a key",
    set("aws_dynamodb_table", "table", "ttl.attribute_name", "timestamp"),
  ),
  prod("s3-log-bucket-expires", "logs that never expire", remove(lifecycle, "log-bucket/lifecycle")),
  prod(
    "s3-public-access-blocked",
    "public ACLs that are not blocked",
    set("aws_s3_bucket_public_access_block", "artifact-bucket/public-access", "block_public_acls", false),
  ),
  prod(
    "s3-public-access-blocked",
    "no public access block",
    both(
      remove("aws_s3_bucket_public_access_block", "artifact-bucket/public-access"),
      set(bucketPolicy, "artifact-bucket/policy", "depends_on"),
    ),
  ),
  prod(
    "s3-versioning",
    "versioning that is suspended",
    set(
      "aws_s3_bucket_versioning",
      "artifact-bucket/versioning",
      "versioning_configuration.status",
      "Suspended",
    ),
  ),
  prod(
    "s3-encryption",
    "no explicit encryption",
    remove("aws_s3_bucket_server_side_encryption_configuration", "artifact-bucket/encryption"),
  ),
  prod(
    "s3-tls-only",
    "a bucket that accepts http",
    statement(bucketPolicy, logPolicy, "DenyWithoutTls", {
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    }),
    "s3-log-bucket-deliverer-may-write",
  ),
  prod(
    "s3-ownership",
    "a bucket in which writers own objects",
    set(
      "aws_s3_bucket_ownership_controls",
      "artifact-bucket/ownership",
      "rule.object_ownership",
      "ObjectWriter",
    ),
  ),
  fixed(
    "without it",
    prod(
      "s3-no-acl",
      "an ACL under enforced ownership",
      add("aws_s3_bucket_acl", "acl", {
        bucket: "${aws_s3_bucket.log-bucket_1E92143C.id}",
        acl: "log-delivery-write",
      }),
    ),
  ),
  prod(
    "s3-no-acl",
    "an ACL on the bucket itself",
    set("aws_s3_bucket", "artifact-bucket/bucket", "acl", "private"),
  ),
  prod(
    "s3-lifecycle-acts",
    "a lifecycle rule that does nothing",
    lifecycleRules((rules) => [...rules, { id: "nothing", status: "Enabled", filter: [{ prefix: "" }] }]),
  ),
  prod(
    "s3-lifecycle-acts",
    "a disabled lifecycle rule",
    lifecycleRules((rules) => [...rules, { id: "off", status: "Disabled", expiration: [{ days: 3 }] }]),
  ),
  prod(
    "s3-lifecycle-conflict",
    "objects that expire before their transition",
    firstRule({ transition: [{ days: 120, storage_class: "GLACIER" }] }),
  ),
  prod(
    "s3-lifecycle-conflict",
    "two rules with the same id",
    lifecycleRules(([first, second]) => [{ ...first }, { ...second, id: first?.id }]),
  ),
  prod(
    "s3-lifecycle-conflict",
    "days and a delete marker in one rule",
    firstRule({ expiration: [{ days: 90, expired_object_delete_marker: true }] }),
  ),
  prod(
    "s3-lifecycle-old-versions",
    "noncurrent versions that never expire",
    firstRule({ noncurrent_version_expiration: undefined }),
  ),
  prod(
    "s3-lifecycle-uploads",
    "incomplete uploads that are never aborted",
    firstRule({ abort_incomplete_multipart_upload: undefined }),
  ),
  fixed(
    both(
      copy(bucketPolicy, "artifact-bucket/policy", "second"),
      remove(bucketPolicy, "artifact-bucket/policy"),
    ),
    prod(
      "s3-one-configuration",
      "two policies on one bucket",
      copy(bucketPolicy, "artifact-bucket/policy", "second"),
    ),
  ),
  prod(
    "s3-deletion-protection",
    "a bucket with force_destroy",
    set("aws_s3_bucket", "artifact-bucket/bucket", "force_destroy", true),
  ),
  account(
    "s3-deletion-protection",
    "a state bucket that Terraform can destroy",
    set("aws_s3_bucket", "state-bucket/bucket", "lifecycle"),
  ),

  // Queues and topics.
  worker(
    "sqs-encrypted",
    "a queue without encryption",
    set("aws_sqs_queue", "jobs", "sqs_managed_sse_enabled", false),
  ),
  worker(
    "sqs-tls-only",
    "a queue that accepts http",
    remove("aws_sqs_queue_policy", "jobs"),
    "deliveries-policy",
  ),
  prod(
    "sqs-dead-letters-kept",
    "dead letters that expire after four days",
    set("aws_sqs_queue", "dead-letter-queue/queue", "message_retention_seconds"),
  ),
  prod(
    "sqs-dead-letters-kind",
    "a FIFO queue for a function's dead letters",
    both(
      set("aws_sqs_queue", "dead-letter-queue/queue", "fifo_queue", true),
      set("aws_sqs_queue", "dead-letter-queue/queue", "name", "serverless-app-dlq-prod.fifo"),
    ),
  ),
  worker(
    "sqs-fifo-name",
    "a FIFO queue without the suffix",
    set("aws_sqs_queue", "failed", "fifo_queue", true),
    "deliveries-kind",
    "sqs-dead-letters-kind",
  ),
  worker(
    "sqs-redrive-valid",
    "a redrive policy without a count",
    set("aws_sqs_queue", "jobs", "redrive_policy", '{"deadLetterTargetArn":"${aws_sqs_queue.failed.arn}"}'),
  ),
  worker(
    "sqs-redrive-valid",
    "a queue that is its own dead-letter queue",
    set(
      "aws_sqs_queue",
      "jobs",
      "redrive_policy",
      '{"deadLetterTargetArn":"${aws_sqs_queue.jobs.arn}","maxReceiveCount":3}',
    ),
    "alarms-dead-letter-queue",
    "sqs-dead-letters-kept",
  ),
  worker(
    "sns-alarm-topic-key",
    "an alarm topic with the AWS-managed key",
    set("aws_sns_topic", "alarms", "kms_master_key_id", "alias/aws/sns"),
  ),
  prod(
    "sns-alarm-topic-key-policy",
    "a key that does not allow CloudWatch alarms",
    statements("aws_kms_key_policy", "encryption-key/policy", without("AlarmsPublish")),
  ),
  prod(
    "sns-alarm-topic-policy",
    "a topic that does not allow CloudWatch alarms",
    statements("aws_sns_topic_policy", "alarm-topic/policy", without("AlarmsPublish")),
  ),
  prod(
    "sns-tls-only",
    "a topic that accepts http",
    statements("aws_sns_topic_policy", "alarm-topic/policy", without("DenyWithoutTls")),
  ),
  worker(
    "sns-subscription-redrive",
    "a subscription without a dead-letter queue",
    set("aws_sns_topic_subscription", "worker", "redrive_policy"),
  ),
  worker(
    "sns-subscription-endpoint",
    "an e-mail subscription without an address",
    set("aws_sns_topic_subscription", "operator", "endpoint", "ops"),
  ),
  worker(
    "sns-subscription-endpoint",
    "an http subscription",
    both(
      set("aws_sns_topic_subscription", "operator", "protocol", "http"),
      set("aws_sns_topic_subscription", "operator", "endpoint", "http://example.com"),
    ),
    "sns-subscription-redrive",
  ),

  // IAM.
  prod(
    "iam-action-exists",
    "a misspelt action",
    statement(rolePolicy, "api-function/role-policy", "ItemsTable", {
      Action: ["dynamodb:PutItems", "dynamodb:Query"],
    }),
  ),
  prod(
    "iam-action-exists",
    "a misspelt service",
    statement(rolePolicy, "stream-function/role-policy", "EventBus", { Action: "event:PutEvents" }),
    "lambda-variables-usable",
  ),
  prod(
    "iam-action-exists",
    "a pattern that matches no action",
    statement(rolePolicy, "stream-function/role-policy", "EventBus", { Action: "events:Push*" }),
    "lambda-variables-usable",
  ),
  prod(
    "iam-no-wildcard-action",
    "every action of a service",
    statement(rolePolicy, "api-function/role-policy", "ItemsTable", { Action: "dynamodb:*" }),
  ),
  prod(
    "iam-no-wildcard-action",
    "every action",
    statement(rolePolicy, "api-function/role-policy", "ItemsTable", { Action: "*" }),
  ),
  prod(
    "iam-no-wildcard-resource",
    "every table",
    statement(rolePolicy, "api-function/role-policy", "ItemsTable", { Resource: "*" }),
  ),
  prod(
    "iam-no-inverted-allow",
    "all actions except one",
    statements(
      rolePolicy,
      "api-function/role-policy",
      also({
        Effect: "Allow",
        NotAction: "iam:*",
        Resource: "${aws_dynamodb_table.items-table_1F7CDFD5.arn}",
      }),
    ),
  ),
  prod(
    "iam-policy-complete",
    "a truncated policy",
    change(rolePolicy, "api-function/role-policy", "policy", replaced(/\]\}$/, "]")),
  ),
  prod(
    "iam-policy-complete",
    "a policy with an older version",
    change(rolePolicy, "api-function/role-policy", "policy", replaced("2012-10-17", "2008-10-17")),
  ),
  prod(
    "iam-policy-complete",
    "a statement without a resource",
    statements(rolePolicy, "api-function/role-policy", also({ Effect: "Allow", Action: "dynamodb:GetItem" })),
  ),
  prod(
    "iam-policy-complete",
    "a misspelt effect",
    statement(rolePolicy, "api-function/role-policy", "ItemsTable", { Effect: "allow" }),
  ),
  prod(
    "iam-policy-complete",
    "a principal in an identity policy",
    statement(rolePolicy, "api-function/role-policy", "ItemsTable", {
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
    }),
  ),
  prod(
    "iam-condition-operator",
    "a misspelt operator",
    statements(
      rolePolicy,
      "api-function/role-policy",
      also({
        Effect: "Allow",
        Action: "dynamodb:GetItem",
        Resource: "${aws_dynamodb_table.items-table_1F7CDFD5.arn}",
        Condition: { StringEqual: { "aws:RequestedRegion": "eu-west-1" } },
      }),
    ),
  ),
  worker(
    "iam-not-public",
    "a public queue",
    statements(
      "aws_sqs_queue_policy",
      "jobs",
      also({
        Effect: "Allow",
        Principal: "*",
        Action: "sqs:SendMessage",
        Resource: "${aws_sqs_queue.jobs.arn}",
      }),
    ),
  ),
  prod(
    "iam-not-public",
    "a public bucket",
    statements(
      bucketPolicy,
      "artifact-bucket/policy",
      also({
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "s3:GetObject",
        Resource: "${aws_s3_bucket.artifact-bucket_EA9A385B.arn}/*",
      }),
    ),
  ),
  prod(
    "iam-not-public",
    "a role that everyone can assume",
    statement("aws_iam_role", "api-function/role", 0, { Principal: { AWS: "*" } }, "assume_role_policy"),
  ),
  prod(
    "iam-service-source",
    "a topic that a service can publish to for any account",
    statement("aws_sns_topic_policy", "alarm-topic/policy", "AlarmsPublish", { Condition: {} }),
  ),
  prod(
    "iam-trust-service",
    "a role that trusts another service",
    statement(
      "aws_iam_role",
      "api-function/role",
      0,
      { Principal: { Service: "ec2.amazonaws.com" } },
      "assume_role_policy",
    ),
  ),
  fixed(
    trustedRepository({ "token.actions.githubusercontent.com:sub": "repo:shop/api:ref:refs/heads/main" }),
    account("iam-trust-federated", "a role for every repository", trustedRepository({})),
  ),
  fixed(
    attached("service-role/AWSLambdaDynamoDBExecutionRole"),
    prod(
      "iam-no-broad-managed-policy",
      "a function with administrator access",
      attached("AdministratorAccess"),
    ),
  ),
  fixed(
    "without it",
    prod(
      "iam-no-users",
      "a user with a key",
      both(
        add("aws_iam_user", "ci", { name: "ci" }),
        add("aws_iam_access_key", "ci", { user: "${aws_iam_user.ci.name}" }),
      ),
    ),
  ),
  fixed(
    add("data.aws_iam_policy", "found", { name: "AWSLambdaDynamoDBExecutionRole" }),
    prod(
      "iam-no-broad-managed-policy",
      "a broad AWS-managed policy by name",
      add("data.aws_iam_policy", "found", { name: "PowerUserAccess" }),
    ),
  ),
  prod(
    "iam-no-wildcard-grant",
    "a bucket policy that allows all actions",
    statement(bucketPolicy, logPolicy, "FirehoseDelivers", { Action: "s3:*" }),
  ),
  prod(
    "iam-no-lockout",
    "a bucket that denies everyone",
    statement(bucketPolicy, "artifact-bucket/policy", "DenyWithoutTls", { Condition: {} }),
  ),
  prod(
    "iam-s3-resource-level",
    "an object action on a bucket",
    statement(rolePolicy, "delivery-policy", "Objects", {
      Resource: "${aws_s3_bucket.log-bucket_1E92143C.arn}",
    }),
    "s3-log-bucket-deliverer-may-write",
  ),
  worker(
    "iam-s3-resource-level",
    "a bucket action on objects",
    change<Rule[]>("data.aws_iam_policy_document", "worker", "statement", (all) => [
      ...all,
      { actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::reports/*"] },
    ]),
  ),
  prod(
    "iam-policy-size",
    "a managed policy that is too long",
    set(
      "aws_iam_policy",
      "invoke-policy",
      "policy",
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "execute-api:Invoke",
            Resource: Array.from(
              { length: 100 },
              (_, index) => `arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/orders/${index}`,
            ),
          },
        ],
      }),
    ),
  ),
  prod(
    "iam-own-resource",
    "a bucket policy that names another bucket",
    statement(bucketPolicy, "artifact-bucket/policy", "DenyWithoutTls", {
      Resource: ["${aws_s3_bucket.log-bucket_1E92143C.arn}", "${aws_s3_bucket.log-bucket_1E92143C.arn}/*"],
    }),
    "s3-tls-only",
  ),

  // Logs and log delivery.
  prod(
    "logs-retention",
    "a log without a retention",
    set("aws_cloudwatch_log_group", "api-function/log-group/group", "retention_in_days"),
  ),
  prod(
    "logs-retention",
    "a retention that CloudWatch Logs does not accept",
    set("aws_cloudwatch_log_group", "api-function/log-group/group", "retention_in_days", 10),
  ),
  prod(
    "logs-key-policy",
    "a key that does not allow CloudWatch Logs",
    statements("aws_kms_key_policy", "encryption-key/policy", without("LogGroups")),
  ),
  prod(
    "logs-subscription-permission",
    "a subscription without a role",
    set("aws_cloudwatch_log_subscription_filter", "subscription", "role_arn"),
  ),
  prod(
    "logs-subscription-permission",
    "a role that cannot put records",
    statement(rolePolicy, "subscription-policy", "OwnStream", { Action: "firehose:PutRecord" }),
  ),
  fixed(
    subscription("second"),
    prod(
      "logs-subscription-limit",
      "three subscriptions on one group",
      both(subscription("second"), subscription("third")),
    ),
  ),
  prod(
    "logs-vended-name",
    "an access log outside /aws/vendedlogs",
    set("aws_cloudwatch_log_group", "api/stage/access-log/group", "name", "/api/serverless-app-api-prod"),
    "logs-key-policy",
  ),
  fixed(
    logPolicyOf(3),
    prod("logs-resource-policy-size", "a resource policy that is too long", logPolicyOf(80)),
  ),
  worker(
    "logs-metric-filter",
    "a metric without a number",
    set("aws_cloudwatch_log_metric_filter", "slow", "metric_transformation.value", "one"),
  ),
  worker(
    "logs-metric-filter",
    "a filter on a group that does not exist",
    set("aws_cloudwatch_log_metric_filter", "slow", "log_group_name", "/aws/lambda/wroker"),
  ),
  prod(
    "firehose-prefix",
    "no error-output-type",
    set(firehose, delivery, "extended_s3_configuration.error_output_prefix", "failed/"),
  ),
  prod(
    "firehose-prefix",
    "a misspelt expression",
    set(
      firehose,
      delivery,
      "extended_s3_configuration.prefix",
      "access-log/!{timestmp:yyyy}/!{timestamp:dd}/",
    ),
  ),
  prod(
    "firehose-prefix-dated",
    "a prefix without a date",
    set(firehose, delivery, "extended_s3_configuration.prefix", "access-log/"),
  ),
  prod(
    "firehose-prefix-dated",
    "a prefix without a trailing slash",
    set(firehose, delivery, "extended_s3_configuration.prefix", "access-log/day=!{timestamp:dd}"),
  ),
  prod(
    "firehose-timestamp-pattern",
    "the week-based year",
    set(firehose, delivery, "extended_s3_configuration.prefix", "access-log/year=!{timestamp:YYYY}/"),
  ),
  prod(
    "firehose-error-log",
    "a stream without an error log",
    set(firehose, delivery, "extended_s3_configuration.cloudwatch_logging_options.enabled", false),
  ),
  prod("firehose-encrypted", "a stream in clear text", set(firehose, delivery, "server_side_encryption")),
  prod(
    "firehose-from-logs",
    "objects that are gzipped twice",
    set(firehose, delivery, "extended_s3_configuration.processing_configuration"),
  ),
  prod(
    "firehose-bucket-arn",
    "a bucket name instead of its ARN",
    set(
      firehose,
      delivery,
      "extended_s3_configuration.bucket_arn",
      "example-serverless-app-access-logs-prod",
    ),
  ),
  prod(
    "kms-rotation",
    "a key that is never rotated",
    set("aws_kms_key", "encryption-key/key", "enable_key_rotation", false),
  ),
  prod("kms-enabled", "a disabled key", set("aws_kms_key", "encryption-key/key", "is_enabled", false)),
  prod(
    "kms-policy-admits-account",
    "a key that nobody can manage",
    statements("aws_kms_key_policy", "encryption-key/policy", without("LeaveItToIam")),
    "deliveries-key",
    "dynamodb-key-usable",
    "lambda-mapping-permission",
    "lambda-variables-key",
  ),
  prod(
    "kms-deletion-window",
    "a key that is deleted within a week",
    set("aws_kms_key", "encryption-key/key", "deletion_window_in_days", 7),
  ),

  // Events.
  worker(
    "events-rule-matches",
    "a pattern with a field that no event has",
    set("aws_cloudwatch_event_rule", "placed", "event_pattern", '{"detailType":["OrderPlaced"]}'),
  ),
  worker(
    "events-rule-matches",
    "a pattern with strings instead of lists",
    set("aws_cloudwatch_event_rule", "placed", "event_pattern", '{"source":"shop"}'),
  ),
  worker(
    "events-rule-matches",
    "a cron expression with five fields",
    set("aws_cloudwatch_event_rule", "nightly", "schedule_expression", "cron(0 3 * * *)"),
  ),
  worker(
    "events-target-dead-letter",
    "a target without a dead-letter queue",
    set("aws_cloudwatch_event_target", "placed", "dead_letter_config"),
  ),
  worker(
    "events-target-permission",
    "a target that EventBridge cannot invoke",
    remove("aws_lambda_permission", "placed"),
  ),
  worker(
    "events-target-bus",
    "a target on another bus",
    set("aws_cloudwatch_event_target", "placed", "event_bus_name"),
  ),

  // Alarms and the dashboard.
  prod("alarms-act", "an alarm without actions", set(alarm, "alarms/api-5xx/alarm", "alarm_actions", [])),
  prod(
    "alarms-act",
    "an alarm with its actions disabled",
    set(alarm, "alarms/api-5xx/alarm", "actions_enabled", false),
  ),
  prod(
    "alarms-action-target",
    "an alarm with a topic's name as its action",
    set(alarm, "alarms/api-5xx/alarm", "alarm_actions", ["serverless-app-alarms-prod"]),
  ),
  prod(
    "alarms-missing-data",
    "an alarm without missing-data treatment",
    set(alarm, "alarms/api-5xx/alarm", "treat_missing_data"),
  ),
  prod(
    "alarms-description",
    "an alarm without a description",
    set(alarm, "alarms/api-5xx/alarm", "alarm_description"),
  ),
  prod(
    "alarms-metric-exists",
    "an alarm on a metric that does not exist",
    set(alarm, "alarms/api-5xx/alarm", "metric_name", "5XXErrors"),
  ),
  prod(
    "alarms-metric-exists",
    "an alarm on a namespace that does not exist",
    set(alarm, "alarms/api-5xx/alarm", "namespace", "AWS/APIGateway"),
  ),
  prod(
    "alarms-metric-exists",
    "an alarm on a dimension that does not exist",
    set(alarm, "alarms/api-5xx/alarm", "dimensions", { Api: "serverless-app-api-prod" }),
  ),
  prod(
    "alarms-dimension-target",
    "an alarm on another function",
    set(alarm, "alarms/api-function-throttles/alarm", "dimensions", {
      FunctionName: `${application.name}-api-pord`,
    }),
  ),
  prod(
    "alarms-dimension-target",
    "an alarm on a function's ARN",
    set(alarm, "alarms/api-function-throttles/alarm", "dimensions", {
      FunctionName: "${aws_lambda_function.api-function_6EE8A0DE.arn}",
    }),
  ),
  prod(
    "alarms-threshold-reachable",
    "an alarm threshold above the timeout",
    set(alarm, "alarms/api-function-duration/alarm", "threshold", 10_000),
  ),
  prod(
    "alarms-periods",
    "more datapoints than periods",
    set(alarm, "alarms/api-5xx/alarm", "datapoints_to_alarm", 6),
  ),
  prod(
    "alarms-periods",
    "an alarm over more than a day",
    set(alarm, "alarms/api-5xx/alarm", "evaluation_periods", 1_500),
  ),
  prod(
    "alarms-dead-letter-queue",
    "a dead-letter queue without an alarm",
    remove(alarm, "alarms/dead-letter-queue-depth/alarm"),
  ),
  worker(
    "alarms-function-errors",
    "a function without an alarm on errors",
    both(
      remove(alarm, "errors"),
      set("aws_cloudwatch_composite_alarm", "worker", "alarm_rule", "ALARM(worker-failed)"),
    ),
  ),
  prod("alarms-stream-age", "a stream without an alarm on its age", remove(alarm, "alarms/stream-age/alarm")),
  worker(
    "alarms-composite-rule",
    "a composite alarm on an alarm that does not exist",
    set(
      "aws_cloudwatch_composite_alarm",
      "worker",
      "alarm_rule",
      "ALARM(worker-errors) OR ALARM(worker-fialed)",
    ),
  ),
  prod(
    "alarms-dashboard-valid",
    "a dashboard without widgets",
    set("aws_cloudwatch_dashboard", "dashboard", "dashboard_body", '{"widgets":[]}'),
  ),
  prod(
    "alarms-dashboard-metrics",
    "a graph of a metric that does not exist",
    change(
      "aws_cloudwatch_dashboard",
      "dashboard",
      "dashboard_body",
      replaced(/"IntegrationLatency"/, '"IntegrationLatencies"'),
    ),
  ),
  prod(
    "alarms-dashboard-metrics",
    "a graph for another environment",
    change(
      "aws_cloudwatch_dashboard",
      "dashboard",
      "dashboard_body",
      replaced(new RegExp(`${application.name}-api-prod`), `${application.name}-api-dev`),
    ),
  ),

  // Names, tags, the stack itself.
  prod(
    "naming-length",
    "a name that is too long",
    set(fn, "stream-function/function", "function_name", `${"stream-".repeat(10)}prod`),
    "lambda-variables-key",
  ),
  prod(
    "naming-characters",
    "a name with a space",
    set("aws_sns_topic", "alarm-topic/topic", "name", "alarms of-prod"),
  ),
  prod(
    "naming-bucket",
    "a bucket with upper-case letters",
    set("aws_s3_bucket", "artifact-bucket/bucket", "bucket", "Example-artifacts-prod"),
  ),
  prod(
    "naming-bucket",
    "a bucket with a dot",
    set("aws_s3_bucket", "artifact-bucket/bucket", "bucket", "artifacts.example-prod"),
  ),
  prod(
    "naming-suffix",
    "a name without the environment's suffix",
    set("aws_sqs_queue", "dead-letter-queue/queue", "name", `${application.name}-dlq`),
  ),
  prod(
    "naming-suffix",
    "a name with another environment's suffix",
    set("aws_dynamodb_table", "table", "name", "serverless-app-items-dev"),
  ),
  worker("naming-unique", "two queues with the same name", set("aws_sqs_queue", "failed", "name", "jobs")),
  prod("tags-required", "no default tags", (stack) => {
    const provider = stack.provider as { aws: Record<string, unknown>[] };
    delete provider.aws[0]?.default_tags;
  }),
  prod(
    "tags-valid",
    "a tag with AWS's reserved prefix",
    set("aws_sqs_queue", "dead-letter-queue/queue", "tags", { "aws:owner": "team" }),
  ),
  prod("stack-remote-state", "local state", (stack) => {
    (stack.terraform as Record<string, unknown>).backend = { local: { path: "terraform.tfstate" } };
  }),
  prod("stack-state-locked", "state that is not locked", (stack) => {
    const { backend } = stack.terraform as { backend: { s3: Record<string, unknown> } };
    delete backend.s3.use_lockfile;
  }),
  worker(
    "stack-no-data-of-secrets",
    "a password in a String parameter",
    set("aws_ssm_parameter", "url", "name", "/shop/db-password"),
  ),
  worker(
    "stack-region-matches",
    "a queue in another Region",
    set(fn, "worker", "dead_letter_config.target_arn", "arn:aws:sqs:us-east-1:123456789012:failed"),
  ),

  // Faults that Terraform catches itself before anything is changed. A rule would only duplicate the check.
  prod("terraform validate", "a misspelt attribute", set(fn, api, "memory", 512)),
  prod("terraform validate", "text instead of a number", set(fn, api, "timeout", "ten")),
  prod("terraform validate", "a memory size that Lambda does not offer", set(fn, api, "memory_size", 64)),
  prod("terraform validate", "a function without a role", set(fn, api, "role")),
  prod("terraform validate", "an architecture that does not exist", set(fn, api, "architectures", ["arm"])),
  prod(
    "terraform validate",
    "a reference to a resource that does not exist",
    set(fn, api, "role", "${aws_iam_role.missing.arn}"),
  ),
  prod(
    "terraform validate",
    "a reference to an attribute that does not exist",
    set(fn, api, "role", "${aws_iam_role.api-function_role_99402C8A.amazon_resource_name}"),
  ),
  prod("terraform validate", "a misspelt Terraform function", set(fn, api, "description", '${uper("x")}')),
  prod(
    "terraform validate",
    "a dependency on a resource that does not exist",
    set(fn, api, "depends_on", ["aws_iam_role_policy.missing"]),
  ),
  prod(
    "terraform validate",
    "a stream view type that does not exist",
    set("aws_dynamodb_table", "table", "stream_view_type", "BOTH_IMAGES"),
  ),
  prod(
    "terraform validate",
    "a billing mode that does not exist",
    set("aws_dynamodb_table", "table", "billing_mode", "ON_DEMAND"),
  ),
  prod(
    "terraform validate",
    "a comparison operator that does not exist",
    set(alarm, "alarms/api-5xx/alarm", "comparison_operator", "GreaterThan"),
  ),
  prod(
    "terraform validate",
    "an endpoint type that does not exist",
    set("aws_api_gateway_rest_api", "api/api", "endpoint_configuration.types", ["LOCAL"]),
  ),
  prod(
    "terraform validate",
    "an integration type that does not exist",
    set("aws_api_gateway_integration", "api/post-items-integration", "type", "LAMBDA_PROXY"),
  ),
  prod(
    "terraform validate",
    "a queue that keeps messages for a month",
    set("aws_sqs_queue", "dead-letter-queue/queue", "message_retention_seconds", 2_592_000),
  ),
  prod(
    "terraform validate",
    "a response type that does not exist",
    set(mapping, "mapping", "function_response_types", ["ReportFailures"]),
  ),
  prod(
    "plan",
    "a package folder that does not exist",
    set("data.archive_file", "api-function/package/zip", "source_dir", "dist/api"),
  ),

  ...limitFaults,
  ...packageFaults,
  ...promiseFaults,
  ...stackFaults,
  // Who may do what, and what is delivered where.
  ...accessFaults,
  ...singleFaults,
];
