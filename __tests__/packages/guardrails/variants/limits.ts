import { type Attributes, add, both, type Edit, set } from "../edit";
import { method, mock, restApi } from "../legitimate/api";
import { alarm, composite, fn, logGroup, policy, queue, table, trust } from "../legitimate/parts";

/** What a rule must find, and what it must say. */
export interface Variant {
  readonly variant: string;
  readonly plant: Edit;
  readonly caughtBy: string;
}

const caught = (caughtBy: string, all: Readonly<Record<string, Edit>>): readonly Variant[] =>
  Object.entries(all).map(([variant, plant]) => ({ variant, plant, caughtBy }));

const schedules = (caughtBy: string, type: string, attributes: Attributes, all: readonly string[]) =>
  caught(
    caughtBy,
    Object.fromEntries(
      all.map((schedule_expression) => [
        `${type}: ${schedule_expression}`,
        add(type, "x", { name: "x", schedule_expression, ...attributes }),
      ]),
    ),
  );

const indexed = (changes: Attributes, more: Attributes = {}): Edit =>
  table("t", {
    attribute: [
      { name: "id", type: "S" },
      { name: "owner", type: "S" },
    ],
    global_secondary_index: [{ name: "by-owner", hash_key: "owner", projection_type: "ALL", ...changes }],
    ...more,
  });
const many = <T>(count: number, of: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => of(index));

const s3 = (changes: Attributes): Edit =>
  both(
    add("aws_cloudwatch_log_group", "f", { name: "/aws/kinesisfirehose/f", retention_in_days: 14 }),
    add("aws_kinesis_firehose_delivery_stream", "f", {
      name: "f",
      destination: "extended_s3",
      server_side_encryption: { enabled: true },
      extended_s3_configuration: {
        role_arn: "${var.role}",
        bucket_arn: "${var.bucket}",
        prefix: "logs/!{timestamp:yyyy}/",
        error_output_prefix: "failed/!{firehose:error-output-type}/",
        cloudwatch_logging_options: { enabled: true, log_group_name: "f", log_stream_name: "s" },
        ...changes,
      },
    }),
  );

const url = (changes: Attributes, ...permissions: readonly Attributes[]): Edit =>
  both(
    fn("url"),
    add("aws_lambda_function_url", "url", {
      function_name: "${aws_lambda_function.url.function_name}",
      authorization_type: "NONE",
      ...changes,
    }),
    ...permissions.map((one, index) =>
      add("aws_lambda_permission", `url-${index}`, {
        function_name: "${aws_lambda_function.url.function_name}",
        principal: "*",
        ...one,
      }),
    ),
  );
const invoke = { action: "lambda:InvokeFunction" };
const invokeUrl = { action: "lambda:InvokeFunctionUrl", function_url_auth_type: "NONE" };

const mapped =
  (changes: Attributes): Edit =>
  (stack) => {
    for (const [name, value] of Object.entries(changes))
      set("aws_lambda_event_source_mapping", "jobs", name, value)(stack);
  };

const m1 = { id: "m1", metric: { namespace: "Orders", metric_name: "All", period: 60, stat: "Sum" } };
const queried = (...metric_query: readonly Attributes[]): Edit =>
  alarm("q", {
    namespace: undefined,
    metric_name: undefined,
    statistic: undefined,
    period: undefined,
    metric_query,
  });

const plan = (changes: Attributes): Edit =>
  add("aws_api_gateway_usage_plan", "plan", {
    name: "plan",
    api_stages: [
      {
        api_id: "${aws_api_gateway_rest_api.shop.id}",
        stage: "${aws_api_gateway_stage.live.stage_name}",
      },
    ],
    ...changes,
  });
const planKey = add("aws_api_gateway_usage_plan_key", "plan", {
  key_id: "${var.key}",
  key_type: "API_KEY",
  usage_plan_id: "${aws_api_gateway_usage_plan.plan.id}",
});

const gateway = (type: string, attributes: Attributes): Edit =>
  add(type, "x", { rest_api_id: "${var.api}", ...attributes });

/** Limits, grammars and enums that a stack breaks, written down before the rules were. */
export const limitVariants: readonly Variant[] = [
  ...schedules("events-rule-matches", "aws_cloudwatch_event_rule", {}, [
    "rate(1 minutes)",
    "rate(5 minute)",
    "rate(0 minutes)",
    "rate(1 week)",
    "cron(0 12 * * *)",
    "cron(0 12 * * * *)",
    "cron(0 12 ? * ? *)",
    "cron(60 1 * * ? *)",
    "cron(0 8 ? * 0 *)",
    "Rate(5 minutes)",
    "at(2026-01-01T00:00:00)",
    "cron(0 12 * 13 ? *)",
    "cron(0 12 * * MONDAY *)",
    "cron(0 24 * * ? *)",
    "cron(0 0 32 * ? *)",
  ]),
  ...schedules(
    "events-rule-matches",
    "aws_cloudwatch_event_rule",
    { event_bus_name: "${aws_cloudwatch_event_bus.orders.name}" },
    ["rate(7 minutes)"],
  ),
  ...schedules("events-scheduler", "aws_scheduler_schedule", { flexible_time_window: { mode: "OFF" } }, [
    "rate(0 minutes)",
    "cron(0 12 * * *)",
    "at(2026-02-30 10:00)",
    "every day",
  ]),
  ...schedules("events-scheduler", "aws_scheduler_schedule", { flexible_time_window: { mode: "FLEXIBLE" } }, [
    "rate(2 hours)",
  ]),
  ...schedules(
    "stack-values-accepted",
    "aws_scheduler_schedule",
    { flexible_time_window: { mode: "FLEXIBLE", maximum_window_in_minutes: 1_441 } },
    ["rate(3 hours)"],
  ),
  ...schedules(
    "stack-values-accepted",
    "aws_scheduler_schedule",
    { flexible_time_window: { mode: "OFF" }, schedule_expression_timezone: "CET+1" },
    ["rate(4 hours)"],
  ),

  ...caught("dynamodb-indexes", {
    "INCLUDE without attributes": indexed({ projection_type: "INCLUDE" }),
    "ALL with attributes": indexed({ non_key_attributes: ["state"] }),
    "INCLUDE of a key": indexed({ projection_type: "INCLUDE", non_key_attributes: ["id"] }),
    "a local index of a table without a range key": table("t", {
      attribute: [
        { name: "id", type: "S" },
        { name: "at", type: "N" },
      ],
      local_secondary_index: [{ name: "by-at", range_key: "at", projection_type: "ALL" }],
    }),
    "two indexes of one name": indexed(
      {},
      {
        local_secondary_index: [{ name: "by-owner", range_key: "owner", projection_type: "ALL" }],
        range_key: "owner",
      },
    ),
    "101 attributes": indexed({
      projection_type: "INCLUDE",
      non_key_attributes: many(101, (one) => `a${one}`),
    }),
    "a provisioned table whose index has no capacity": indexed(
      {},
      { billing_mode: "PROVISIONED", read_capacity: 1, write_capacity: 1 },
    ),
  }),
  ...caught("stack-counts-accepted", {
    "21 global indexes": indexed(
      {},
      {
        global_secondary_index: many(21, (one) => ({
          name: `index-${one}`,
          hash_key: "owner",
          projection_type: "ALL",
        })),
      },
    ),
    "six local indexes": indexed(
      {},
      {
        range_key: "owner",
        local_secondary_index: many(6, (one) => ({
          name: `index-${one}`,
          range_key: "owner",
          projection_type: "ALL",
        })),
      },
    ),
    "six layers": fn("layers", {
      layers: many(6, (one) => `arn:aws:lambda:eu-west-1:123456789012:layer:l:${one}`),
    }),
    "six filters": mapped({
      filter_criteria: { filter: many(6, (one) => ({ pattern: `{"body":{"a":["${one}"]}}` })) },
    }),
  }),

  ...caught("firehose-partitioning", {
    "partition keys without partitioning": s3({ prefix: "x/!{partitionKeyFromQuery:x}/!{timestamp:yyyy}/" }),
    "partition keys with a buffer of 5 MB": s3({
      prefix: "x/!{partitionKeyFromQuery:x}/!{timestamp:yyyy}/",
      dynamic_partitioning_configuration: { enabled: true },
      buffering_size: 5,
    }),
    "a partition key in the error prefix": s3({
      error_output_prefix: "failed/!{firehose:error-output-type}/!{partitionKeyFromQuery:x}/",
    }),
  }),
  ...caught("firehose-prefix", {
    "the error type in the prefix": s3({ prefix: "x/!{firehose:error-output-type}/!{timestamp:yyyy}/" }),
    "an expression that is not closed": s3({ prefix: "x/!{timestamp:yyyy}/!{timestamp:MM/" }),
  }),
  ...caught("stack-values-accepted", {
    "a session of one minute": set("aws_iam_role", "worker", "max_session_duration", 60),
    "a session of a day": set("aws_iam_role", "worker", "max_session_duration", 86_400),
    "a role's path without a slash at its end": set("aws_iam_role", "worker", "path", "/service"),
    "a time zone by its offset": s3({ custom_time_zone: "UTC+2" }),
    "15 minutes and a second of buffering": s3({ buffering_interval: 901 }),
    "a file extension without a dot": s3({ file_extension: "jsonl" }),
  }),

  ...caught("api-gateway-certificate-region", {
    "a regional domain with a certificate of us-east-1": add("aws_api_gateway_domain_name", "d", {
      domain_name: "a.example.com",
      security_policy: "TLS_1_2",
      endpoint_configuration: { types: ["REGIONAL"] },
      regional_certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/x",
    }),
    "an edge domain with a certificate of another Region": add("aws_api_gateway_domain_name", "d", {
      domain_name: "a.example.com",
      security_policy: "TLS_1_2",
      certificate_arn: "arn:aws:acm:eu-west-1:123456789012:certificate/x",
    }),
    "an edge domain with a certificate of the stack's own provider": both(
      add("aws_acm_certificate", "own", { domain_name: "a.example.com", validation_method: "DNS" }),
      add("aws_api_gateway_domain_name", "d", {
        domain_name: "a.example.com",
        security_policy: "TLS_1_2",
        certificate_arn: "${aws_acm_certificate.own.arn}",
      }),
    ),
  }),
  ...caught("api-gateway-web-acl-scope", {
    "a web ACL for CloudFront in Ireland": add("aws_wafv2_web_acl", "a", {
      name: "a",
      scope: "CLOUDFRONT",
      rule: [{ name: "r", priority: 1, action: { block: {} } }],
    }),
  }),
  ...caught("api-gateway-key-usable", {
    "a key without any plan": both(restApi(), method("GET", { api_key_required: true }, mock)),
    "a plan for another stage": both(
      restApi(),
      method("GET", { api_key_required: true }, mock),
      plan({ api_stages: [{ api_id: "${aws_api_gateway_rest_api.shop.id}", stage: "test" }] }),
      planKey,
    ),
    "a plan without a key": both(restApi(), method("GET", { api_key_required: true }, mock), plan({})),
    "keys from an authorizer that does not exist": both(
      restApi({ api_key_source: "AUTHORIZER" }),
      method("GET", { api_key_required: true }, mock),
      plan({}),
      planKey,
    ),
  }),
  ...caught("api-gateway-binary-preflight", {
    "a mocked preflight among binary types": both(
      restApi({ binary_media_types: ["*/*"] }),
      method("OPTIONS", { authorization: "NONE" }, mock),
    ),
  }),
  ...caught("api-gateway-base-path", {
    "a stage that the API does not have": both(
      restApi(),
      add("aws_api_gateway_base_path_mapping", "m", {
        api_id: "${aws_api_gateway_rest_api.shop.id}",
        stage_name: "v1",
        domain_name: "a.example.com",
      }),
    ),
  }),
  ...caught("api-gateway-quota-offset", {
    "a day that starts later": add("aws_api_gateway_usage_plan", "p", {
      name: "p",
      quota_settings: { limit: 1, period: "DAY", offset: 2 },
    }),
  }),
  ...caught("stack-values-accepted", {
    "a quota per hour": add("aws_api_gateway_usage_plan", "p", {
      name: "p",
      quota_settings: { limit: 1, period: "HOUR" },
    }),
    "compression from more than ten megabytes on": add("aws_api_gateway_rest_api", "a", {
      name: "a",
      minimum_compression_size: 10_485_761,
      lifecycle: { create_before_destroy: true },
    }),
    "an integration of 49 milliseconds": gateway("aws_api_gateway_integration", {
      timeout_milliseconds: 49,
      type: "MOCK",
    }),
    "a stage named my-stage!": gateway("aws_api_gateway_stage", { stage_name: "my-stage!" }),
    "a stage named $default": gateway("aws_api_gateway_stage", { stage_name: "$default" }),
  }),

  ...caught("lambda-url-permission", {
    "a public URL without permissions": url({}),
    "a public URL without the newer permission": url({}, invokeUrl),
    "a permission for signed callers": url({}, invoke, { ...invokeUrl, function_url_auth_type: "AWS_IAM" }),
    "permissions on the function for a URL of its alias": url({ qualifier: "live" }, invoke, invokeUrl),
  }),
  ...caught("lambda-url-cors", {
    "credentials from anywhere": url(
      { cors: { allow_origins: ["*"], allow_credentials: true } },
      invoke,
      invokeUrl,
    ),
  }),
  ...caught("stack-values-accepted", {
    "a preflight kept for more than a day": url(
      { cors: { allow_origins: ["*"], max_age: 86_401 } },
      invoke,
      invokeUrl,
    ),
  }),

  ...caught("lambda-mapping-settings", {
    "retries of a queue": mapped({ maximum_retry_attempts: 5 }),
    "bisecting a queue's batch": mapped({ bisect_batch_on_function_error: true }),
    "more concurrency than reserved": mapped({ scaling_config: { maximum_concurrency: 6 } }),
  }),
  ...caught("lambda-stream-starting-position", {
    "a queue's position": mapped({ starting_position: "LATEST" }),
  }),
  ...caught("stack-values-accepted", {
    "eleven batches at once": mapped({ parallelization_factor: 11 }),
    "records of half a minute": mapped({ maximum_record_age_in_seconds: 30 }),
    "a window of more than 15 minutes": mapped({ tumbling_window_in_seconds: 901 }),
    "a concurrency of one": mapped({ scaling_config: { maximum_concurrency: 1 } }),
    "a response type with a letter missing": mapped({ function_response_types: ["ReportBatchItemFailure"] }),
  }),
  ...caught("lambda-mapping-filter", {
    "a value that is no list": mapped({
      filter_criteria: { filter: [{ pattern: '{"eventName":"INSERT"}' }] },
    }),
    "a number of DynamoDB": both(
      mapped({
        event_source_arn: "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/x",
        filter_criteria: { filter: { pattern: '{"dynamodb":{"NewImage":{"a":{"N":[5]}}}}' } },
      }),
    ),
  }),

  ...caught("stack-policy-size", {
    "a trust policy of more than 4 KB": add("aws_iam_role", "r", {
      name: "r",
      assume_role_policy: trust(...many(200, (one) => `service-${one}.amazonaws.com`)),
    }),
    "a queue policy of more than 8 KB": queue(
      "big",
      {},
      {
        Effect: "Allow",
        Principal: { AWS: many(200, (one) => `arn:aws:iam::${100_000_000_000 + one}:role/sender`) },
        Action: "sqs:SendMessage",
        Resource: "${aws_sqs_queue.big.arn}",
      },
    ),
  }),
  ...caught("stack-parameter-size", {
    "4,200 bytes in 2,100 letters": add("aws_ssm_parameter", "p", {
      name: "/a",
      type: "String",
      value: "é".repeat(2_100),
    }),
    "4,097 bytes": add("aws_ssm_parameter", "p", { name: "/a", type: "String", value: "x".repeat(4_097) }),
    "8,193 bytes of an advanced one": add("aws_ssm_parameter", "p", {
      name: "/a",
      type: "String",
      tier: "Advanced",
      insecure_value: "x".repeat(8_193),
    }),
  }),
  ...caught("naming-characters", {
    "a parameter named /aws/x": add("aws_ssm_parameter", "p", { name: "/aws/x", type: "String", value: "x" }),
    "a parameter named ssm-x": add("aws_ssm_parameter", "p", { name: "ssm-x", type: "String", value: "x" }),
  }),
  ...caught("sns-filter-policy", {
    "151 values": set(
      "aws_sns_topic_subscription",
      "worker",
      "filter_policy",
      JSON.stringify({ a: many(151, String) }),
    ),
    "13 × 12 values": set(
      "aws_sns_topic_subscription",
      "worker",
      "filter_policy",
      JSON.stringify({ a: many(13, String), b: many(12, String) }),
    ),
  }),
  ...caught("lambda-variables-size", {
    "4,097 known bytes beside an unknown": fn("vars", {
      environment: { variables: { A: "x".repeat(4_097), B: "${var.b}" } },
    }),
  }),
  ...caught("lambda-runtime-supported", { "Node.js 16": fn("old", { runtime: "nodejs16.x" }) }),
  ...caught("stack-values-accepted", {
    "an architecture of Intel's": fn("x86", { architectures: ["x86"] }),
    "511 MB of storage": fn("disk", { ephemeral_storage: { size: 511 } }),
    "half a megabyte": fn("half", { memory_size: 1_024.5 }),
    "a timeout of 901 seconds": fn("slow", { timeout: 901 }),
    "a visibility timeout of 43,201 seconds": queue("q", { visibility_timeout_seconds: 43_201 }),
    "a delay of 901 seconds": queue("q", { delay_seconds: 901 }),
    "a key that is deleted after six days": add("aws_kms_key", "k", {
      enable_key_rotation: true,
      deletion_window_in_days: 6,
      policy: policy({
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: "kms:*",
        Resource: "*",
      }),
    }),
  }),
  ...caught("logs-class", {
    "a metric filter on a cheap group": set(
      "aws_cloudwatch_log_group",
      "worker",
      "log_group_class",
      "INFREQUENT_ACCESS",
    ),
    "a subscription to a cheap group": both(
      logGroup("cheap", { log_group_class: "INFREQUENT_ACCESS" }),
      add("aws_cloudwatch_log_subscription_filter", "s", {
        name: "s",
        log_group_name: "${aws_cloudwatch_log_group.cheap.name}",
        filter_pattern: "",
        destination_arn: "${var.stream}",
        role_arn: "${var.role}",
      }),
    ),
  }),

  ...caught("alarms-resolution", {
    "a period of 45 seconds": alarm("a", { period: 45 }),
    "ten seconds of Lambda": alarm("a", {
      namespace: "AWS/Lambda",
      metric_name: "Errors",
      dimensions: { FunctionName: "${aws_lambda_function.worker.function_name}" },
      period: 10,
    }),
  }),
  ...caught("alarms-periods", {
    "1,500 minutes": alarm("a", { period: 60, evaluation_periods: 1_500 }),
    "169 hours": alarm("a", { period: 3_600, evaluation_periods: 169 }),
  }),
  ...caught("alarms-statistic", {
    "two statistics": alarm("a", { extended_statistic: "p99" }),
    "p100.5": alarm("a", { statistic: undefined, extended_statistic: "p100.5" }),
    pp99: alarm("a", { statistic: undefined, extended_statistic: "pp99" }),
    "TM(10%:90%": alarm("a", { statistic: undefined, extended_statistic: "TM(10%:90%" }),
    "a low sample count without a percentile": alarm("a", {
      evaluate_low_sample_count_percentiles: "ignore",
    }),
  }),
  ...caught("alarms-metric-query", {
    "two results": queried(
      { ...m1, return_data: true },
      { id: "e1", expression: "m1 * 2", return_data: true },
    ),
    "no result": queried(m1, { id: "e1", expression: "m1 * 2" }),
    "an expression over nothing": queried(m1, { id: "e1", expression: "m1 + m2", return_data: true }),
    "an id in capitals": queried({ ...m1, id: "M1", return_data: true }),
  }),
  ...caught("alarms-composite-rule", {
    "a rule that ends too early": composite("c", "ALARM(worker-errors) AND"),
    "a rule that names itself": composite("c", "ALARM(worker-errors) OR ALARM(c)"),
    "a rule that is not closed": composite("c", "(ALARM(worker-errors) OR ALARM(worker-failed)"),
    "a rule without an operator": composite("c", "ALARM(worker-errors) ALARM(worker-failed)"),
    "two that depend on each other": both(composite("c", "ALARM(d)"), composite("d", "ALARM(c)")),
  }),
];
