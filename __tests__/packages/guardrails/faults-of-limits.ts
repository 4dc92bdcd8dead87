import { type Attributes, add, both, change, copy, type Edit, set } from "./edit";
import type { Fault } from "./fault";

const table = "aws_dynamodb_table";
const alarm = "aws_cloudwatch_metric_alarm";
const stream = "aws_kinesis_firehose_delivery_stream";
const mapping = "aws_lambda_event_source_mapping";
const api = "${aws_api_gateway_rest_api.api_4F59AA66.id}";

const at =
  (name: Fault["in"]) =>
  (caughtBy: string, fault: string, plant: Edit, fixed?: Edit, ...also: readonly string[]): Fault => ({
    caughtBy,
    fault,
    in: name,
    plant,
    also,
    ...(fixed && { fixed }),
  });
const prod = at("prod");
const worker = at("worker");

const rule = (attributes: Attributes): Edit =>
  add("aws_cloudwatch_event_rule", "x", { name: "x-prod", ...attributes });
const schedule = (attributes: Attributes): Edit =>
  add("aws_scheduler_schedule", "x", { name: "x", flexible_time_window: { mode: "OFF" }, ...attributes });

const index = (changes: Attributes): Edit =>
  both(
    change<Attributes[]>(table, "table", "attribute", (all) => [...all, { name: "owner", type: "S" }]),
    set(table, "table", "global_secondary_index", [
      { name: "by-owner", hash_key: "owner", projection_type: "ALL", ...changes },
    ]),
  );

const keys = (prefix: string, errors: string, size: number, enabled: boolean): Edit =>
  both(
    set(stream, "access-log-delivery/stream", "extended_s3_configuration.prefix", prefix),
    set(stream, "access-log-delivery/stream", "extended_s3_configuration.error_output_prefix", errors),
    set(stream, "access-log-delivery/stream", "extended_s3_configuration.buffering_size", size),
    set(
      stream,
      "access-log-delivery/stream",
      "extended_s3_configuration.dynamic_partitioning_configuration",
      { enabled },
    ),
    change<Attributes>(
      stream,
      "access-log-delivery/stream",
      "extended_s3_configuration",
      (configuration) => ({
        ...configuration,
        processing_configuration: {
          enabled: true,
          processors: [
            { type: "Decompression" },
            { type: "CloudWatchLogProcessing" },
            { type: "MetadataExtraction" },
          ],
        },
      }),
    ),
  );
const byKey = "access-log/!{partitionKeyFromQuery:x}/!{timestamp:yyyy}/";
const failed = "failed/!{firehose:error-output-type}/";

const domain = (attributes: Attributes): Edit =>
  add("aws_api_gateway_domain_name", "d", {
    domain_name: "api.example.com",
    security_policy: "TLS_1_2",
    ...attributes,
  });

const acl = (attributes: Attributes): Edit =>
  add("aws_wafv2_web_acl", "acl", {
    name: "api-prod",
    scope: "REGIONAL",
    default_action: { allow: {} },
    rule: [{ name: "rate", priority: 1, action: { block: {} } }],
    ...attributes,
  });

const keyed = (...edits: readonly Edit[]): Edit =>
  both(set("aws_api_gateway_method", "api/post-items", "api_key_required", true), ...edits);
const plan = (attributes: Attributes = {}): Edit =>
  both(
    add("aws_api_gateway_usage_plan", "p", {
      name: "p",
      api_stages: [{ api_id: api, stage: "${aws_api_gateway_stage.api_stage_6B887F5B.stage_name}" }],
      ...attributes,
    }),
    add("aws_api_gateway_usage_plan_key", "p", {
      key_id: "${var.key}",
      key_type: "API_KEY",
      usage_plan_id: "${aws_api_gateway_usage_plan.p.id}",
    }),
  );

const mocked = (binary: readonly string[], converts: Attributes): Edit =>
  both(
    set("aws_api_gateway_rest_api", "api/api", "binary_media_types", binary),
    set("aws_api_gateway_integration", "api/post-items-integration", "type", "MOCK"),
    set(
      "aws_api_gateway_integration",
      "api/post-items-integration",
      "content_handling",
      converts.content_handling,
    ),
  );

const child = (part: string): Edit =>
  both(
    set("aws_api_gateway_resource", "api/items-id", "path_part", part),
    copy("aws_api_gateway_resource", "api/items-id", "child"),
    set("aws_api_gateway_resource", "child", "path_part", "notes"),
    set(
      "aws_api_gateway_resource",
      "child",
      "parent_id",
      "${aws_api_gateway_resource.api_items-id_BCB702EC.id}",
    ),
  );

const publicUrl = (...permissions: readonly Attributes[]): Edit =>
  both(
    set("aws_lambda_function_url", "worker", "authorization_type", "NONE"),
    ...permissions.map((one, index) =>
      add("aws_lambda_permission", `public-${index}`, {
        function_name: "${aws_lambda_function.worker.function_name}",
        principal: "*",
        ...one,
      }),
    ),
  );

const queries = (metric_query: readonly Attributes[]): Edit =>
  add(alarm, "q", {
    alarm_name: "q",
    alarm_description: "Look at the log first.",
    comparison_operator: "GreaterThanThreshold",
    threshold: 0,
    evaluation_periods: 1,
    treat_missing_data: "notBreaching",
    alarm_actions: ["${aws_sns_topic.alarms.arn}"],
    metric_query,
  });
const m1 = { id: "m1", metric: { namespace: "Orders", metric_name: "All", period: 60, stat: "Sum" } };
const m2 = { id: "m2", metric: { namespace: "Orders", metric_name: "Failed", period: 60, stat: "Sum" } };
const sum = { id: "e1", expression: "m1 + m2", return_data: true };

const filter = (pattern: string): Edit =>
  set(mapping, "mapping", "filter_criteria", { filter: [{ pattern }] });

const subscription = (filter_policy: string): Edit =>
  set("aws_sns_topic_subscription", "worker", "filter_policy", filter_policy);
const values = (count: number): string =>
  JSON.stringify({ a: Array.from({ length: count }, (_, one) => `${one}`) });

/** Values that AWS does not accept. */
export const limitFaults: readonly Fault[] = [
  prod(
    "stack-values-accepted",
    "a level that execution logs do not have",
    set("aws_api_gateway_method_settings", "method-settings", "settings.logging_level", "WARN"),
    undefined,
    "api-gateway-execution-log",
  ),
  prod(
    "stack-values-accepted",
    "memory that Lambda does not offer",
    set("aws_lambda_function", "api-function/function", "memory_size", 1_024.5),
  ),
  prod(
    "stack-values-accepted",
    "more parallel batches than ten",
    set(mapping, "mapping", "parallelization_factor", 11),
    set(mapping, "mapping", "parallelization_factor", 10),
  ),
  worker(
    "stack-values-accepted",
    "a queue that hides a message for longer than half a day",
    set("aws_sqs_queue", "jobs", "visibility_timeout_seconds", 43_201),
  ),
  prod(
    "stack-values-accepted",
    "a time zone by its offset",
    set(stream, "access-log-delivery/stream", "extended_s3_configuration.custom_time_zone", "UTC+2"),
  ),
  prod(
    "stack-counts-accepted",
    "six layers",
    set(
      "aws_lambda_function",
      "api-function/function",
      "layers",
      Array.from({ length: 6 }, (_, one) => `arn:aws:lambda:eu-west-1:123456789012:layer:l:${one}`),
    ),
    set("aws_lambda_function", "api-function/function", "layers", [
      "arn:aws:lambda:eu-west-1:123456789012:layer:l:1",
    ]),
  ),
  worker(
    "events-rule-matches",
    "a rate with the wrong plural",
    set("aws_cloudwatch_event_rule", "nightly", "schedule_expression", "rate(1 minutes)"),
  ),
  worker(
    "events-rule-matches",
    "a cron expression with two days",
    set("aws_cloudwatch_event_rule", "nightly", "schedule_expression", "cron(0 12 * * * *)"),
  ),
  worker(
    "events-rule-matches",
    "a schedule on a bus of one's own",
    rule({
      schedule_expression: "rate(5 minutes)",
      event_bus_name: "${aws_cloudwatch_event_bus.orders.name}",
    }),
    rule({ schedule_expression: "rate(5 minutes)" }),
  ),
  worker(
    "events-scheduler",
    "a time that is none",
    schedule({ schedule_expression: "at(2026-13-01T00:00:00)" }),
    schedule({ schedule_expression: "at(2026-12-01T00:00:00)" }),
  ),
  worker(
    "events-scheduler",
    "a flexible window without minutes",
    schedule({ schedule_expression: "rate(1 hour)", flexible_time_window: { mode: "FLEXIBLE" } }),
    schedule({
      schedule_expression: "rate(1 hour)",
      flexible_time_window: { mode: "FLEXIBLE", maximum_window_in_minutes: 5 },
    }),
  ),
  prod(
    "dynamodb-indexes",
    "an index that includes nothing",
    index({ projection_type: "INCLUDE" }),
    index({ projection_type: "INCLUDE", non_key_attributes: ["state"] }),
  ),
  prod(
    "firehose-partitioning",
    "partition keys without partitioning",
    keys(byKey, failed, 64, false),
    keys(byKey, failed, 64, true),
  ),
  prod(
    "firehose-partitioning",
    "partition keys with a small buffer",
    keys(byKey, failed, 5, true),
    keys(byKey, failed, 64, true),
  ),
  prod(
    "firehose-prefix",
    "an expression that is not closed",
    set(
      stream,
      "access-log-delivery/stream",
      "extended_s3_configuration.prefix",
      "access-log/!{timestamp:yyyy}/!{timestamp:MM/",
    ),
  ),
  prod(
    "api-gateway-certificate-region",
    "a regional domain with a certificate of us-east-1",
    domain({
      regional_certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/x",
      endpoint_configuration: { types: ["REGIONAL"] },
    }),
    domain({
      regional_certificate_arn: "arn:aws:acm:eu-west-1:123456789012:certificate/x",
      endpoint_configuration: { types: ["REGIONAL"] },
    }),
  ),
  prod(
    "api-gateway-web-acl-scope",
    "a web ACL for CloudFront in another Region",
    acl({ scope: "CLOUDFRONT" }),
    acl({}),
  ),
  prod(
    "api-gateway-base-path",
    "a base path to a stage that does not exist",
    add("aws_api_gateway_base_path_mapping", "m", { api_id: api, stage_name: "v1", domain_name: "a" }),
    add("aws_api_gateway_base_path_mapping", "m", {
      api_id: api,
      stage_name: "${aws_api_gateway_stage.api_stage_6B887F5B.stage_name}",
      domain_name: "a",
    }),
  ),
  prod(
    "api-gateway-stage-deployment",
    "another API's deployment",
    both(
      add("aws_api_gateway_rest_api", "other", {
        name: "other-prod",
        lifecycle: { create_before_destroy: true },
      }),
      add("aws_api_gateway_deployment", "other", {
        rest_api_id: "${aws_api_gateway_rest_api.other.id}",
        triggers: { a: "${var.a}" },
        lifecycle: { create_before_destroy: true },
      }),
      set("aws_api_gateway_stage", "stage", "deployment_id", "${aws_api_gateway_deployment.other.id}"),
    ),
  ),
  prod(
    "api-gateway-deployment-triggers",
    "triggers that change in every apply",
    set("aws_api_gateway_deployment", "deployment", "triggers.references", "${timestamp()}"),
  ),
  prod("api-gateway-key-usable", "an API key without a plan", keyed(), keyed(plan())),
  prod(
    "api-gateway-key-usable",
    "an API key whose plan is for another stage",
    keyed(plan({ api_stages: [{ api_id: api, stage: "other" }] })),
    keyed(plan()),
  ),
  prod(
    "api-gateway-quota-offset",
    "a day that starts on the third",
    plan({ quota_settings: { limit: 5, period: "DAY", offset: 2 } }),
    plan({ quota_settings: { limit: 5, period: "DAY" } }),
  ),
  prod(
    "api-gateway-binary-preflight",
    "a mocked method among binary types",
    mocked(["*/*"], {}),
    mocked(["*/*"], { content_handling: "CONVERT_TO_TEXT" }),
  ),
  prod("api-gateway-greedy-last", "a resource below a greedy parameter", child("{id+}"), child("{id}")),
  worker(
    "lambda-url-permission",
    "a public URL that nobody may call",
    publicUrl(),
    undefined,
    "lambda-url-authorized",
  ),
  worker(
    "lambda-url-cors",
    "credentials from any origin",
    set("aws_lambda_function_url", "worker", "cors", { allow_origins: ["*"], allow_credentials: true }),
    set("aws_lambda_function_url", "worker", "cors", { allow_origins: ["*"] }),
  ),
  worker(
    "lambda-mapping-settings",
    "a queue's mapping with a stream's retries",
    set(mapping, "jobs", "maximum_retry_attempts", 5),
  ),
  worker(
    "lambda-mapping-settings",
    "more concurrency than the function has",
    set(mapping, "jobs", "scaling_config", { maximum_concurrency: 50 }),
    set(mapping, "jobs", "scaling_config", { maximum_concurrency: 5 }),
  ),
  prod("lambda-mapping-filter", "a filter that is not a list", filter('{"eventName":"INSERT"}')),
  prod(
    "lambda-mapping-filter",
    "a filter of numbers",
    filter('{"dynamodb":{"NewImage":{"total":{"N":[5]}}}}'),
  ),
  worker(
    "alarms-statistic",
    "a percentile above 100",
    both(set(alarm, "errors", "statistic"), set(alarm, "errors", "extended_statistic", "p100.5")),
    both(set(alarm, "errors", "statistic"), set(alarm, "errors", "extended_statistic", "p99.5")),
  ),
  worker(
    "alarms-metric-query",
    "two results",
    queries([sum, { ...m1, return_data: true }, m2]),
    queries([sum, m1, m2]),
  ),
  worker(
    "alarms-metric-query",
    "an expression over a query that does not exist",
    queries([sum, m1]),
    queries([sum, m1, m2]),
  ),
  worker("alarms-resolution", "a period that is no multiple of a minute", set(alarm, "errors", "period", 45)),
  worker(
    "alarms-resolution",
    "ten seconds of a metric that has one datapoint per minute",
    set(alarm, "errors", "period", 10),
  ),
  worker(
    "alarms-composite-rule",
    "a rule that ends too early",
    set("aws_cloudwatch_composite_alarm", "worker", "alarm_rule", "ALARM(worker-errors) AND"),
  ),
  worker(
    "alarms-composite-rule",
    "an alarm that depends on itself",
    set("aws_cloudwatch_composite_alarm", "worker", "alarm_rule", "ALARM(worker)"),
  ),
  worker(
    "logs-class",
    "a metric filter on a group of the cheaper class",
    set("aws_cloudwatch_log_group", "worker", "log_group_class", "INFREQUENT_ACCESS"),
  ),
  worker(
    "stack-parameter-size",
    "two bytes for each of too many letters",
    set("aws_ssm_parameter", "url", "value", "é".repeat(2_100)),
  ),
  worker(
    "sns-filter-policy",
    "more combinations than SNS tries",
    subscription(values(151)),
    subscription(values(150)),
  ),
  prod(
    "stack-policy-size",
    "a trust policy with too many conditions",
    change<string>("aws_iam_role", "api-function/role", "assume_role_policy", (text) =>
      text.replace(
        '"lambda.amazonaws.com"',
        `"lambda.amazonaws.com"},"Condition":{"StringEquals":{"aws:SourceAccount":[${Array.from({ length: 300 }, (_, one) => `"${100_000_000_000 + one}"`)}]}`,
      ),
    ),
  ),
];
