import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import {
  changed,
  created,
  destroyed,
  judgedPlan,
  policyWith,
  replacement,
  updated,
  valuesOf,
  withoutHash,
} from "./prod-plan";

const table = "aws_dynamodb_table.items-table";
const queue = "aws_sqs_queue.dead-letter-queue";
const logBucket = "aws_s3_bucket_lifecycle_configuration.log-bucket_lifecycle";
const artifacts = "aws_s3_bucket_lifecycle_configuration.artifact-bucket_lifecycle";
const key = "aws_kms_key.encryption-key";
const keyPolicy = "aws_kms_key_policy.encryption-key_policy";
const stream = "aws_kinesis_firehose_delivery_stream.access-log-delivery_stream";
const api = "aws_api_gateway_rest_api.api";
const getItems = "aws_api_gateway_method.api_get-items-id";
const stage = "aws_api_gateway_stage.api_stage";
const settings = "aws_api_gateway_method_settings.api_stage_method-settings";
const alarm = "aws_cloudwatch_metric_alarm.alarms_api-5xx_alarm";
const apiFunction = "aws_lambda_function.api-function";
const mapping = "aws_lambda_event_source_mapping.stream-mapping";
const asynchronous = "aws_lambda_function_event_invoke_config.api-function_asynchronous-invocation";
const role = "aws_iam_role.api-function_role";
const rolePolicy = "aws_iam_role_policy.api-function_role-policy";
const permission = "aws_lambda_permission.api-function_invoke-get-health";

const inFirst = (name: string, block: string, change: Values): Values => {
  const [first, ...others] = valuesOf(name)[block] as Values[];
  return { [block]: [{ ...first, ...change }, ...others] };
};
const rules = (name: string): readonly Values[] => valuesOf(name).rule as Values[];
const trust = (principal: unknown, condition?: unknown): Values => ({
  assume_role_policy: JSON.stringify({
    Statement: { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", Condition: condition },
  }),
});
const anybody = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
const withoutSid = (sid: string) => (statements: readonly Values[]) =>
  statements.filter(({ Sid }) => Sid !== sid);

/** A resource, the attribute that the refusal must name, and what the resource's attributes become. */
const updates: readonly (readonly [name: string, attribute: string, after: Values])[] = [
  [table, "stream_view_type", { stream_view_type: "KEYS_ONLY" }],
  [table, "stream_view_type", { stream_view_type: "NEW_IMAGE" }],
  [table, "stream_enabled", { stream_enabled: false }],
  [table, "point_in_time_recovery.enabled", { point_in_time_recovery: [{ enabled: false }] }],
  [table, "point_in_time_recovery.enabled", { point_in_time_recovery: [] }],
  [
    table,
    "point_in_time_recovery.recovery_period_in_days",
    { point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 1 }] },
  ],
  [table, "server_side_encryption.enabled", { server_side_encryption: [] }],
  [
    table,
    "server_side_encryption.kms_key_arn",
    { server_side_encryption: [{ enabled: true, kms_key_arn: null }] },
  ],
  [
    table,
    "server_side_encryption.kms_key_arn",
    { server_side_encryption: [{ enabled: true, kms_key_arn: "arn:aws:kms:eu-west-1:999999999999:key/k" }] },
  ],
  [table, "ttl.attribute_name", { ttl: [{ enabled: true, attribute_name: "timestamp" }] }],
  [table, "ttl.enabled", { ttl: [{ enabled: false, attribute_name: "" }] }],
  [table, "billing_mode", { billing_mode: "PROVISIONED", read_capacity: 1, write_capacity: 1 }],
  [
    table,
    "on_demand_throughput",
    { on_demand_throughput: [{ max_read_request_units: 1, max_write_request_units: 1 }] },
  ],
  [table, "deletion_protection_enabled", { deletion_protection_enabled: false }],
  [logBucket, "rule[expire].expiration.days", inFirst(logBucket, "rule", { expiration: [{ days: 1 }] })],
  [logBucket, "rule[expire].filter", inFirst(logBucket, "rule", { filter: [{ prefix: "access-log/" }] })],
  [
    logBucket,
    "rule[tidy].expiration.days",
    {
      rule: [
        ...rules(logBucket),
        {
          id: "tidy",
          status: "Enabled",
          filter: [{ prefix: "access-log/year=2024" }],
          expiration: [{ days: 1 }],
        },
      ],
    },
  ],
  [
    logBucket,
    "rule[expire].expiration.days",
    { rule: [rules(logBucket)[1] ?? {}, { ...rules(logBucket)[0], expiration: [{ days: 30 }] }] },
  ],
  [
    logBucket,
    "rule[expire].transition",
    inFirst(logBucket, "rule", { transition: [{ days: 0, storage_class: "DEEP_ARCHIVE" }] }),
  ],
  [
    artifacts,
    "rule.noncurrent_version_expiration.noncurrent_days",
    inFirst(artifacts, "rule", { noncurrent_version_expiration: [{ noncurrent_days: 1 }] }),
  ],
  [
    "aws_s3_bucket_versioning.artifact-bucket_versioning",
    "versioning_configuration.status",
    { versioning_configuration: [{ status: "Suspended" }] },
  ],
  [queue, "message_retention_seconds", { message_retention_seconds: 345_600 }],
  [queue, "max_message_size", { max_message_size: 1_024 }],
  [queue, "delay_seconds", { delay_seconds: 900 }],
  [queue, "kms_master_key_id", { kms_master_key_id: "" }],
  ["aws_cloudwatch_log_group.api_stage_access-log_group", "retention_in_days", { retention_in_days: 1 }],
  ["aws_cloudwatch_log_group.stream-function_log-group", "kms_key_id", { kms_key_id: "" }],
  [key, "enable_key_rotation", { enable_key_rotation: false }],
  [key, "is_enabled", { is_enabled: false }],
  [key, "deletion_window_in_days", { deletion_window_in_days: 7 }],
  [keyPolicy, "policy", policyWith(keyPolicy, "policy", withoutSid("LogGroups"))],
  [
    keyPolicy,
    "policy",
    policyWith(keyPolicy, "policy", (statements) =>
      statements.map((each) => (each.Sid === "LeaveItToIam" ? { ...each, Action: ["kms:Describe*"] } : each)),
    ),
  ],
  ["aws_kms_alias.encryption-key_alias", "target_key_id", { target_key_id: "another" }],
  [
    stream,
    "extended_s3_configuration.prefix",
    inFirst(stream, "extended_s3_configuration", { prefix: "tmp/" }),
  ],
  [
    stream,
    "extended_s3_configuration.bucket_arn",
    inFirst(stream, "extended_s3_configuration", { bucket_arn: "arn:aws:s3:::other" }),
  ],
  [getItems, "authorization", { authorization: "NONE", api_key_required: true }],
  [
    getItems,
    "request_parameters",
    {
      request_parameters: {
        ...(valuesOf(getItems).request_parameters as Values),
        "method.request.querystring.limit": true,
      },
    },
  ],
  [api, "policy", { policy: JSON.stringify({ Statement: { ...anybody, Action: "execute-api:Invoke" } }) }],
  [api, "disable_execute_api_endpoint", { disable_execute_api_endpoint: true }],
  [api, "endpoint_configuration", { endpoint_configuration: [{ types: ["PRIVATE"] }] }],
  [role, "assume_role_policy", trust({ Service: ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] })],
  [role, "assume_role_policy", trust({ AWS: "*" }, { StringLike: { "aws:PrincipalArn": "*" } })],
  [role, "assume_role_policy", trust({ Service: "ec2.amazonaws.com" })],
  ...["StringEqualsIfExists", "StringLike", undefined].map((operator): [string, string, Values] => [
    "aws_iam_role.access-log-delivery_delivery-role",
    "assume_role_policy",
    trust(
      { Service: "firehose.amazonaws.com" },
      operator && { [operator]: { "sts:ExternalId": operator === "StringLike" ? "*" : "123456789012" } },
    ),
  ]),
  [role, "managed_policy_arns", { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }],
  [
    rolePolicy,
    "policy",
    policyWith(rolePolicy, "policy", (all) => [...all, { ...anybody, Principal: undefined }]),
  ],
  [
    rolePolicy,
    "policy",
    policyWith(rolePolicy, "policy", (all) =>
      all.map((each) =>
        Array.isArray(each.Action)
          ? { ...each, Action: each.Action.filter((action) => action !== "dynamodb:DeleteItem") }
          : each,
      ),
    ),
  ],
  [
    "aws_sns_topic_policy.alarm-topic_policy",
    "policy",
    policyWith("aws_sns_topic_policy.alarm-topic_policy", "policy", withoutSid("DenyWithoutTls")),
  ],
  ...(["artifact-bucket", "log-bucket"] as const).map((bucket): [string, string, Values] => [
    `aws_s3_bucket_policy.${bucket}_policy`,
    "policy",
    policyWith(`aws_s3_bucket_policy.${bucket}_policy`, "policy", (all) =>
      all.map((each) =>
        each.Sid === "DenyWithoutTls"
          ? { ...each, Condition: { Bool: { "aws:SecureTransport": "true" } } }
          : each,
      ),
    ),
  ]),
  [
    "aws_s3_bucket_public_access_block.log-bucket_public-access",
    "restrict_public_buckets",
    { restrict_public_buckets: false },
  ],
  [
    "aws_s3_bucket_ownership_controls.log-bucket_ownership",
    "rule.object_ownership",
    { rule: [{ object_ownership: "ObjectWriter" }] },
  ],
  [
    "aws_s3_bucket_server_side_encryption_configuration.artifact-bucket_encryption",
    "rule.apply_server_side_encryption_by_default.sse_algorithm",
    { rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }] },
  ],
  ["aws_s3_bucket.log-bucket", "force_destroy", { force_destroy: true }],
  [alarm, "actions_enabled", { actions_enabled: false }],
  [alarm, "alarm_actions", { alarm_actions: [] }],
  [alarm, "alarm_actions", { alarm_actions: ["arn:aws:sns:eu-west-1:999999999999:other"] }],
  [alarm, "ok_actions", { ok_actions: [] }],
  [alarm, "threshold", { threshold: 1 }],
  [alarm, "comparison_operator", { comparison_operator: "LessThanThreshold", threshold: 0 }],
  [alarm, "treat_missing_data", { treat_missing_data: "ignore" }],
  [alarm, "dimensions", { dimensions: { ApiName: "serverless-app-api-prod", Stage: "v2" } }],
  [alarm, "metric_name", { metric_name: "5xxError" }],
  [alarm, "statistic", { statistic: "SampleCount" }],
  [alarm, "evaluation_periods", { evaluation_periods: 1_440, datapoints_to_alarm: 1_440 }],
  [alarm, "datapoints_to_alarm", { datapoints_to_alarm: 5 }],
  [apiFunction, "reserved_concurrent_executions", { reserved_concurrent_executions: 0 }],
  [apiFunction, "reserved_concurrent_executions", { reserved_concurrent_executions: -1 }],
  [apiFunction, "timeout", { timeout: 1 }],
  [apiFunction, "memory_size", { memory_size: 128 }],
  [apiFunction, "dead_letter_config.target_arn", { dead_letter_config: [] }],
  [apiFunction, "tracing_config.mode", { tracing_config: [{ mode: "PassThrough" }] }],
  [apiFunction, "logging_config.log_format", inFirst(apiFunction, "logging_config", { log_format: "Text" })],
  [
    apiFunction,
    "logging_config.application_log_level",
    inFirst(apiFunction, "logging_config", { application_log_level: "FATAL" }),
  ],
  [
    apiFunction,
    "environment.variables",
    { environment: [{ variables: { POWERTOOLS_SERVICE_NAME: "api" } }] },
  ],
  [apiFunction, "kms_key_arn", { kms_key_arn: "" }],
  [mapping, "enabled", { enabled: false }],
  [mapping, "maximum_retry_attempts", { maximum_retry_attempts: 0 }],
  [mapping, "maximum_record_age_in_seconds", { maximum_record_age_in_seconds: 60 }],
  [mapping, "destination_config.on_failure.destination_arn", { destination_config: [] }],
  [mapping, "filter_criteria", { filter_criteria: [{ filter: [{ pattern: '{"eventName":["NONE"]}' }] }] }],
  [mapping, "bisect_batch_on_function_error", { bisect_batch_on_function_error: false }],
  [mapping, "function_response_types", { function_response_types: [] }],
  [settings, "settings.throttling_burst_limit", inFirst(settings, "settings", { throttling_burst_limit: 0 })],
  [settings, "settings.throttling_rate_limit", inFirst(settings, "settings", { throttling_rate_limit: 0.1 })],
  [settings, "settings.throttling_rate_limit", inFirst(settings, "settings", { throttling_rate_limit: -1 })],
  [settings, "settings.logging_level", inFirst(settings, "settings", { logging_level: "OFF" })],
  [settings, "settings.metrics_enabled", inFirst(settings, "settings", { metrics_enabled: false })],
  [settings, "settings.data_trace_enabled", inFirst(settings, "settings", { data_trace_enabled: true })],
  [settings, "settings.caching_enabled", inFirst(settings, "settings", { caching_enabled: true })],
  [stage, "access_log_settings.destination_arn", { access_log_settings: [] }],
  [stage, "variables", { variables: {} }],
  [stage, "xray_tracing_enabled", { xray_tracing_enabled: false }],
  [stage, "deployment_id", { deployment_id: "older" }],
  [asynchronous, "maximum_retry_attempts", { maximum_retry_attempts: 0 }],
  [asynchronous, "maximum_event_age_in_seconds", { maximum_event_age_in_seconds: 60 }],
  [
    "aws_api_gateway_model.api_post-items-model",
    "schema",
    { schema: JSON.stringify({ type: "object", required: ["id", "data", "owner"] }) },
  ],
  ["aws_lambda_alias.api-function_live", "function_version", { function_version: "3" }],
  [
    "aws_lambda_alias.api-function_live",
    "routing_config",
    { routing_config: [{ additional_version_weights: { "3": 0.9 } }] },
  ],
  ["aws_ssm_parameter.parameter-api-url", "value", { value: "https://elsewhere.example" }],
  ["aws_ssm_parameter.parameter-api-url", "type", { type: "SecureString" }],
  [
    "aws_iam_policy.api_invoke-policy",
    "policy",
    policyWith("aws_iam_policy.api_invoke-policy", "policy", (all) =>
      all.map((each) => ({ ...each, Resource: `${each.Resource}`.replace("/prod/*", "/prod/GET/*") })),
    ),
  ],
  [
    "aws_cloudwatch_log_subscription_filter.access-log-delivery_subscription",
    "filter_pattern",
    { filter_pattern: "{ $.status = 500 }" },
  ],
];

describe("an update in place is refused by address and attribute", () => {
  it.each(updates)("%s: %s", (name, attribute, after) => {
    const { refused, changes } = judgedPlan([updated(name, after)]);

    expect(refused.map(withoutHash)).toContain(`${name}.${attribute}`);
    expect(changes.flatMap(({ losses }) => losses).every(({ text }) => text.length > 10)).toBe(true);
  });

  it.each(updates)("%s: %s, although everything else is acknowledged", (name, attribute, after) => {
    const change = updated(name, after);
    const { refused } = judgedPlan([change]);
    const lost = refused.find((refusal) => withoutHash(refusal) === `${name}.${attribute}`) ?? "";
    const others = [change.address, ...refused.filter((refusal) => refusal !== lost)];

    expect(judgedPlan([change], {}, others).refused).toEqual([lost]);
    expect(judgedPlan([change], {}, refused).refused).toEqual([]);
  });
});

describe("what others name and use is refused when it ends", () => {
  it.each([
    "aws_s3_bucket_versioning.artifact-bucket_versioning",
    "aws_sqs_queue_policy.dead-letter-queue_policy",
    "aws_s3_bucket_public_access_block.log-bucket_public-access",
    asynchronous,
    "aws_api_gateway_resource.api_health",
    "aws_api_gateway_method.api_delete-items-id-timestamp",
    "aws_ssm_parameter.parameter-api-url",
    "aws_cloudwatch_log_subscription_filter.access-log-delivery_subscription",
    "aws_api_gateway_gateway_response.api_responses_throttled",
    "aws_cloudwatch_event_bus.event-bus",
    "aws_sns_topic.alarm-topic",
    stage,
    "aws_lambda_alias.api-function_live",
    mapping,
    alarm,
    "aws_iam_policy.api_invoke-policy",
    permission,
  ])("%s", (name) => {
    expect(judgedPlan([destroyed(name)]).refused.map(withoutHash)).toEqual([name]);
  });

  it.each([
    [alarm, { alarm_name: "other" }],
    [mapping, { starting_position: "LATEST" }],
    ["aws_lambda_alias.api-function_live", { name: "current" }],
    ["aws_cloudwatch_event_bus.event-bus", { name: "other" }],
    ["aws_ssm_parameter.parameter-api-url", { name: "/other" }],
    [stage, { stage_name: "v2" }],
  ])("%s replaced with %j", (name, after) => {
    expect(judgedPlan([replacement(name, after)]).refused.map(withoutHash)).toEqual([name]);
  });

  it("a path, also when it is renamed in place", () => {
    const judgement = judgedPlan([updated("aws_api_gateway_resource.api_items-id", { path_part: "{key}" })]);

    expect(judgement.refused.map(withoutHash)).toEqual(["aws_api_gateway_resource.api_items-id"]);
  });

  it.each([
    ["a removed output", { actions: ["delete"], before: "https://a", after: null }],
    ["a changed output", { actions: ["update"], before: "https://a", after: "https://b" }],
    ["an output known only after apply", { actions: ["update"], before: "https://a", after_unknown: true }],
  ])("%s, although no resource changes", (_, change) => {
    const { refused } = judgedPlan([], { output_changes: { "prod-stack-api-url": change } });

    expect(refused).toEqual([expect.stringMatching(/^output\.prod-stack-api-url/)]);
  });

  it.each([
    ["a source that is everybody's API", { source_arn: "arn:aws:execute-api:eu-west-1:*:*" }],
    ["any principal", { principal: "*" }],
    ["no source", { source_arn: null }],
  ])("a permission that is replaced by one with %s", (_, after) => {
    expect(judgedPlan([replacement(permission, after)]).refused.map(withoutHash)).toEqual([permission]);
  });
});

describe("what is created is refused if it opens something, or takes something away", () => {
  it.each([
    ["aws_lambda_function_url", { function_name: "f", authorization_type: "NONE" }],
    ["aws_lambda_permission", { function_name: "f", action: "lambda:InvokeFunction", principal: "*" }],
    [
      "aws_cloudwatch_event_bus_policy",
      { event_bus_name: "b", policy: JSON.stringify({ Statement: anybody }) },
    ],
    [
      "aws_cloudwatch_event_bus_policy",
      {
        event_bus_name: "b",
        policy: JSON.stringify({
          Statement: { ...anybody, Condition: { StringLike: { "aws:PrincipalOrgID": "*" } } },
        }),
      },
    ],
    ["aws_cloudwatch_event_permission", { principal: "*", statement_id: "a" }],
    [
      "aws_api_gateway_method_settings",
      {
        rest_api_id: "api_4F59AA66-id",
        stage_name: "prod",
        method_path: "items/GET",
        settings: [{ throttling_burst_limit: 0 }],
      },
    ],
    [
      "aws_iam_role_policy_attachment",
      { role: "r", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
    [
      "aws_s3_bucket_lifecycle_configuration",
      { bucket: "log-bucket", rule: [{ id: "all", status: "Enabled", expiration: [{ days: 1 }] }] },
    ],
  ])("%s %j", (type, after) => {
    expect(judgedPlan([created(type, after)]).refused).not.toEqual([]);
  });
});

describe("a plan hides nothing", () => {
  const retention = { retention_in_days: 1 };
  const group = "aws_cloudwatch_log_group.api_stage_access-log_group";

  it("behind a move", () => {
    const change = { ...updated(group, retention), previous_address: "aws_cloudwatch_log_group.before" };

    const { refused, changes } = judgedPlan([change]);

    expect(refused).toEqual([`${change.address}.retention_in_days`]);
    expect(changes[0]?.why).toContain("was aws_cloudwatch_log_group.before");
  });

  it("behind a sensitive value, which it does not show", () => {
    const change = updated("aws_ssm_parameter.parameter-api-url", { value: "swordfish" });
    const sensitive = { ...change, change: { ...change.change, after_sensitive: { value: true } } };

    const { refused, changes } = judgedPlan([sensitive]);

    expect(refused).toEqual([`${change.address}.value`]);
    expect(JSON.stringify(changes)).not.toContain("swordfish");
  });

  it("behind a value that is known only after apply", () => {
    const unknown = updated(
      group,
      { retention_in_days: null },
      { after_unknown: { retention_in_days: true } },
    );
    const policy = updated(rolePolicy, { policy: null }, { after_unknown: { policy: true } });

    expect(judgedPlan([unknown]).refused).toEqual([`${unknown.address}.retention_in_days`]);
    expect(judgedPlan([policy]).changes[0]?.access).toEqual([
      expect.stringMatching(/^what role .* may do is known only after apply$/),
    ]);
  });

  it("behind an index that is removed from a set", () => {
    const [byOwner, byDate] = [
      { name: "by-owner", hash_key: "owner" },
      { name: "by-date", hash_key: "date" },
    ];
    const withBoth = { ...valuesOf(table), global_secondary_index: [byOwner, byDate] };
    const change = (after: unknown) =>
      changed(table, {
        actions: ["update"],
        before: withBoth,
        after: { ...withBoth, global_secondary_index: after },
      });

    expect(judgedPlan([change([byDate])]).refused).toEqual([
      expect.stringMatching(/global_secondary_index$/),
    ]);
    expect(judgedPlan([change([byDate, byOwner])]).refused).toEqual([]);
  });

  it("behind the index of an instance, or a module", () => {
    const instance = {
      ...destroyed("aws_ssm_parameter.parameter-api-url"),
      address: 'aws_ssm_parameter.p["a"]',
    };
    const inModule = { ...destroyed("aws_sns_topic.alarm-topic"), address: "module.x.aws_sns_topic.t" };

    expect(judgedPlan([instance, inModule]).refused).toEqual([instance.address, inModule.address]);
  });

  it("behind three losses of one resource", () => {
    const after = { enable_key_rotation: false, is_enabled: false, deletion_window_in_days: 7 };

    expect(judgedPlan([updated(key, after)]).refused).toHaveLength(3);
  });

  it("behind never, which logs write as 0 days", () => {
    const change = changed(group, {
      actions: ["update"],
      before: { ...valuesOf(group), retention_in_days: 0 },
      after: { ...valuesOf(group), retention_in_days: 14 },
    });

    expect(judgedPlan([change]).refused).toEqual([`${change.address}.retention_in_days`]);
  });

  it("of an attribute or a type that it does not know", () => {
    const attribute = updated(table, { new_attribute: "b" });
    const type = created("aws_unheard_of", { name: "a" });

    expect(judgedPlan([attribute]).changes[0]?.unjudged).toEqual(["new_attribute"]);
    expect(judgedPlan([type]).changes[0]?.unjudged).toEqual(["the resource"]);
  });
});
