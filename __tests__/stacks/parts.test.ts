import { TTL_ATTRIBUTE } from "../../lambda-src/items/idempotency-record";
import { application, environments } from "../../stacks/environments";
import type { Block, Json, JsonObject } from "../support/block";
import { serviceStack } from "../support/service-stacks";

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const statementsOf = (block: Block) =>
  (block.parsed("policy") as { readonly Statement: readonly Statement[] }).Statement;

/** The parts of each environment, as its stack wires them. */
describe.each(environments)("$name has", (environment) => {
  const { name } = environment;
  const stack = serviceStack(name);
  const stage = stack.only("aws_api_gateway_stage");
  const queue = stack.only("aws_sqs_queue");

  const functionBlocks = (id: string) => ({
    lambda: stack.at("aws_lambda_function", `${id}/function`),
    alias: stack.at("aws_lambda_alias", `${id}/live`),
    policy: stack.at("aws_iam_role_policy", `${id}/role-policy`),
    logGroup: stack.at("aws_cloudwatch_log_group", `${id}/log-group/group`),
    asynchronous: stack.at("aws_lambda_function_event_invoke_config", `${id}/asynchronous-invocation`),
  });

  it("an API: regional, signed, traced, throttled, validated, with its own responses as problem+json", () => {
    const methods = stack.resources("aws_api_gateway_method");
    const settings = stack.only("aws_api_gateway_method_settings").attributes.settings;

    expect(stack.only("aws_api_gateway_rest_api").attributes.endpoint_configuration).toEqual({
      types: ["REGIONAL"],
    });
    expect(stage.attributes).toMatchObject({
      stage_name: name,
      xray_tracing_enabled: true,
      variables: { environment: name },
    });
    expect(methods.map(({ attributes }) => attributes.authorization)).toEqual(methods.map(() => "AWS_IAM"));
    expect(methods.map(({ attributes }) => stack.follow(attributes.request_validator_id).type)).toEqual(
      methods.map(() => "aws_api_gateway_request_validator"),
    );
    expect(settings).toEqual({
      metrics_enabled: true,
      logging_level: "ERROR",
      data_trace_enabled: false,
      throttling_rate_limit: environment.throttle.requestsPerSecond,
      throttling_burst_limit: environment.throttle.burst,
    });
    const gatewayResponses = stack.resources("aws_api_gateway_gateway_response");
    expect(gatewayResponses.map(({ attributes }) => attributes.response_type)).toEqual(
      expect.arrayContaining(["DEFAULT_4XX", "DEFAULT_5XX"]),
    );
    expect(stack.only("aws_iam_policy").text("policy")).toContain("execute-api:Invoke");
  });

  it("an access log: one line of JSON per request, 14 days in CloudWatch, copied to the log bucket", () => {
    const settings = stage.attributes.access_log_settings as JsonObject;
    const group = stack.follow(settings.destination_arn);
    const delivery = stack.only("aws_kinesis_firehose_delivery_stream");
    const subscription = stack.only("aws_cloudwatch_log_subscription_filter");
    const bucket = (delivery.attributes.extended_s3_configuration as JsonObject).bucket_arn;

    expect(Object.keys(JSON.parse(`${settings.format}`))).toEqual(
      expect.arrayContaining(["requestId", "extendedRequestId"]),
    );
    expect(group.attributes.retention_in_days).toBe(14);
    expect(stack.follow(subscription.attributes.log_group_name)).toBe(group);
    expect(stack.follow(subscription.attributes.destination_arn)).toBe(delivery);
    expect(stack.follow(bucket).path).toMatch(/log-bucket/);
  });

  it.each([
    ["an API function", "api-function", environment.apiFunction.reservedConcurrency],
    ["a stream function", "stream-function", environment.streamFunction.reservedConcurrency],
  ])(
    "%s: invoked through its alias, with reserved concurrency, traced, logging to its own group",
    (_, id, concurrency) => {
      const { lambda, alias, policy, logGroup, asynchronous } = functionBlocks(id);

      expect(lambda.attributes).toMatchObject({
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        publish: true,
        reserved_concurrent_executions: concurrency,
        tracing_config: { mode: "Active" },
        dead_letter_config: { target_arn: queue.ref("arn") },
        logging_config: { log_format: "JSON", log_group: logGroup.ref("name") },
        environment: { variables: { POWERTOOLS_METRICS_NAMESPACE: application.metricsNamespace } },
      });
      expect(lambda.attributes.depends_on).toEqual(
        expect.arrayContaining([policy.address, logGroup.address]),
      );
      expect(alias.attributes).toMatchObject({ name: "live", function_version: lambda.ref("version") });
      expect(asynchronous.attributes.qualifier).toBe(alias.ref("name"));
      expect(logGroup.attributes.retention_in_days).toBe(14);
      expect(policy.text("policy")).not.toContain("logs:CreateLogGroup");
    },
  );

  it("an API function with 100 reserved executions, which API Gateway can call through its alias only", () => {
    const { lambda, alias } = functionBlocks("api-function");
    const integrations = stack.resources("aws_api_gateway_integration");
    const permissions = stack.resources("aws_lambda_permission");

    expect(lambda.attributes.reserved_concurrent_executions).toBe(100);
    expect(integrations.map(({ attributes }) => attributes.uri)).toEqual(
      integrations.map(() => alias.ref("invoke_arn")),
    );
    expect(permissions.map(({ attributes }) => attributes.qualifier)).toEqual(
      permissions.map(() => alias.ref("name")),
    );
    expect(permissions).toHaveLength(integrations.length);
  });

  it("a stream function that reads the table's stream from its beginning and publishes to the bus", () => {
    const { alias, policy } = functionBlocks("stream-function");
    const mapping = stack.only("aws_lambda_event_source_mapping");

    expect(mapping.attributes).toMatchObject({
      event_source_arn: stack.only("aws_dynamodb_table").ref("stream_arn"),
      function_name: alias.ref("arn"),
      starting_position: "TRIM_HORIZON",
      function_response_types: ["ReportBatchItemFailures"],
      bisect_batch_on_function_error: true,
      destination_config: { on_failure: { destination_arn: queue.ref("arn") } },
    });
    expect(mapping.attributes.maximum_retry_attempts).toBeGreaterThan(0);
    expect(mapping.attributes.maximum_record_age_in_seconds).toBeGreaterThan(0);
    expect(statementsOf(policy).find(({ Action }) => Action === "events:PutEvents")?.Resource).toBe(
      stack.only("aws_cloudwatch_event_bus").ref("arn"),
    );
  });

  it("a dead-letter queue: encrypted, TLS only, 14 days, which each function can send to and nothing else", () => {
    const actions = ["api-function", "stream-function"].map((id) =>
      statementsOf(functionBlocks(id).policy).filter(({ Resource }) => Resource === queue.ref("arn")),
    );

    expect(queue.attributes.message_retention_seconds).toBe(1_209_600);
    expect(queue.attributes.kms_master_key_id ?? queue.attributes.sqs_managed_sse_enabled).toBeTruthy();
    expect(stack.only("aws_sqs_queue_policy").text("policy")).toContain('"aws:SecureTransport":"false"');
    expect(actions.map((statements) => statements.map(({ Action }) => Action))).toEqual([
      [["sqs:SendMessage", "sqs:GetQueueAttributes"]],
      [["sqs:SendMessage", "sqs:GetQueueAttributes"]],
    ]);
  });

  it("a table: id and timestamp, on demand, recoverable, with a stream and expiry, protected as configured", () => {
    expect(stack.only("aws_dynamodb_table").attributes).toMatchObject({
      hash_key: "id",
      range_key: "timestamp",
      attribute: [
        { name: "id", type: "S" },
        { name: "timestamp", type: "N" },
      ],
      billing_mode: "PAY_PER_REQUEST",
      point_in_time_recovery: { enabled: true },
      stream_enabled: true,
      stream_view_type: "NEW_AND_OLD_IMAGES",
      ttl: { attribute_name: TTL_ATTRIBUTE, enabled: true },
      deletion_protection_enabled: environment.deletionProtection,
      lifecycle: { prevent_destroy: environment.deletionProtection },
    });
  });

  it("a log bucket that only Firehose's role can write to, with objects that expire after 90 days", () => {
    const policy = stack.at("aws_s3_bucket_policy", "log-bucket/bucket/policy");
    const rules = stack.at("aws_s3_bucket_lifecycle_configuration", "log-bucket/lifecycle").attributes.rule;

    expect(statementsOf(policy).map(({ Sid }) => Sid)).toEqual([
      "DenyWithoutTls",
      "FirehoseDelivers",
      "ApiGatewayDelivers",
      "NobodyElseWrites",
    ]);
    expect(rules).toMatchObject([{ expiration: [{ days: 90 }] }, {}]);
  });

  it("an artifact bucket that each function reads its zip from, named by its content", () => {
    const objects = ["api-function", "stream-function"].map((id) => {
      const { lambda } = functionBlocks(id);
      const object = stack.follow(lambda.attributes.s3_key);
      expect(lambda.attributes.source_code_hash).toBe(object.attributes.source_hash);
      return object;
    });

    expect(objects.map(({ attributes }) => attributes.key)).toEqual([
      expect.stringMatching(/^api\/[0-9a-f]{64}\.zip$/),
      expect.stringMatching(/^stream\/[0-9a-f]{64}\.zip$/),
    ]);
    expect(objects.map(({ attributes }) => stack.follow(attributes.bucket).path)).toEqual(
      objects.map(() => expect.stringMatching(/artifact-bucket/)),
    );
  });

  it("alarms that notify the topic, and a dashboard that shows them", () => {
    const alarms = stack.resources("aws_cloudwatch_metric_alarm");
    const topic = stack.only("aws_sns_topic_policy").ref("arn");
    const body = stack.only("aws_cloudwatch_dashboard").text("dashboard_body");

    expect(alarms).toHaveLength(16);
    expect(alarms.map(({ attributes }) => attributes.alarm_actions)).toEqual(alarms.map(() => [topic]));
    expect(alarms.filter((alarm) => !body.includes(alarm.ref("arn")))).toEqual([]);
  });

  it("roles with named actions and resources, and a bare * for X-Ray only", () => {
    const statements = stack.resources("aws_iam_role_policy").flatMap(statementsOf);

    const wild = statements.flatMap(({ Action }) => [Action].flat()).filter((action) => action.includes("*"));
    const open = statements.filter(({ Resource }) => [Resource].flat().includes("*"));
    const role = ({ attributes }: Block): Json | undefined => attributes.role;
    expect(wild).toEqual([]);
    expect(new Set(open.flatMap(({ Action }) => Action))).toEqual(
      new Set(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]),
    );
    expect(new Set(stack.resources("aws_lambda_function").map(role)).size).toBe(2);
  });

  it("outputs that start with the stack's name and are mirrored to SSM", () => {
    const outputs = Object.keys(stack.section("output"));

    expect(outputs.filter((output) => !output.startsWith(`${name}-stack-`))).toEqual([]);
    const mirrored = stack
      .resources("aws_ssm_parameter")
      .filter(({ path }) => path.startsWith(`${name}-stack/parameter-`));
    expect(mirrored).toHaveLength(outputs.length);
  });
});
