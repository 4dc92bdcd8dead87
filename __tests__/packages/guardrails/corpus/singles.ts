import { add, both, copy, type Edit, set } from "../edit";
import {
  alias,
  aliasArn,
  bucket,
  document,
  type Faulty,
  json,
  key,
  type Legitimate,
  permission,
  queue,
  queueArn,
  role,
  table,
  tableArn,
  tls,
  topic,
  topicArn,
  workerArn,
} from "./parts";

const one = ["stack-one-per-parent"];
const again = (type: string, id: string, attributes: Readonly<Record<string, unknown>> = {}): Edit =>
  both(
    copy(type, id, "again"),
    ...Object.entries(attributes).map(([name, value]) => set(type, "again", name, value)),
  );
const two = (type: string, first: object, second: object = first): Edit =>
  both(add(type, "first", { ...first }), add(type, "second", { ...second }));
const api = { rest_api_id: "${data.aws_api_gateway_rest_api.shop.id}" };
const fn = { function_name: "${aws_lambda_function.worker.function_name}" };
const queuePolicy = document(tls("sqs:*", queueArn("q")));

const faults: readonly (readonly [name: string, plant: Edit, at: string, rules?: readonly string[]])[] = [
  [
    "two policies of a queue, by id and url",
    both(queue("q"), again("aws_sqs_queue_policy", "q", { queue_url: "${aws_sqs_queue.q.url}" })),
    "aws_sqs_queue_policy.again",
  ],
  [
    "a policy of a queue beside its own",
    both(queue("q", [], { policy: queuePolicy })),
    "aws_sqs_queue_policy.q",
  ],
  [
    "a redrive policy beside the queue's own",
    add("aws_sqs_queue_redrive_policy", "r", {
      queue_url: "${aws_sqs_queue.jobs.id}",
      redrive_policy: json({ deadLetterTargetArn: queueArn("failed"), maxReceiveCount: 3 }),
    }),
    "aws_sqs_queue_redrive_policy.r",
  ],
  [
    "two redrive allow policies",
    two("aws_sqs_queue_redrive_allow_policy", {
      queue_url: "${aws_sqs_queue.jobs.id}",
      redrive_allow_policy: "{}",
    }),
    "aws_sqs_queue_redrive_allow_policy.second",
  ],
  [
    "two policies of a topic, by arn and id",
    both(topic("t"), again("aws_sns_topic_policy", "t", { arn: "${aws_sns_topic.t.id}" })),
    "aws_sns_topic_policy.again",
  ],
  [
    "a policy of a topic beside its own",
    topic("t", [], { policy: document(tls("sns:Publish", "*")) }),
    "aws_sns_topic_policy.t",
  ],
  [
    "two policies of a topic, one through the other",
    both(topic("t"), again("aws_sns_topic_policy", "t", { arn: "${aws_sns_topic_policy.t.arn}" })),
    "aws_sns_topic_policy.again",
  ],
  [
    "two notifications of a bucket, one through its versioning",
    both(
      bucket("b"),
      two(
        "aws_s3_bucket_notification",
        { bucket: "${aws_s3_bucket.b.id}", eventbridge: true },
        { bucket: "${aws_s3_bucket_versioning.b.bucket}", eventbridge: true },
      ),
    ),
    "aws_s3_bucket.b",
    ["s3-one-configuration"],
  ],
  [
    "two notifications of a bucket, by its name",
    both(bucket("b"), two("aws_s3_bucket_notification", { bucket: "bucket-b", eventbridge: true })),
    "aws_s3_bucket.b",
    ["s3-one-configuration"],
  ],
  [
    "two notifications of a bucket of another stack",
    two("aws_s3_bucket_notification", { bucket: "theirs", eventbridge: true }),
    "aws_s3_bucket_notification.second",
    ["s3-one-configuration"],
  ],
  [
    "two policies of a bucket, one for each of one",
    both(bucket("b"), again("aws_s3_bucket_policy", "b", { for_each: '${toset(["a"])}' })),
    "aws_s3_bucket.b",
    ["s3-one-configuration"],
  ],
  [
    "two event-invoke configurations, by reference and name",
    both(
      alias,
      two(
        "aws_lambda_function_event_invoke_config",
        { ...fn, qualifier: "${aws_lambda_alias.live.name}" },
        { ...fn, qualifier: "live" },
      ),
    ),
    "aws_lambda_function_event_invoke_config.second",
  ],
  [
    "two event-invoke configurations without a qualifier",
    two("aws_lambda_function_event_invoke_config", fn, { function_name: workerArn }),
    "aws_lambda_function_event_invoke_config.second",
  ],
  [
    "two method settings, by a stage's reference and name",
    both(
      add("aws_api_gateway_stage", "prod", {
        ...api,
        stage_name: "prod",
        deployment_id: "d1",
        xray_tracing_enabled: true,
        access_log_settings: { destination_arn: "${aws_cloudwatch_log_group.worker.arn}", format: "{}" },
      }),
      two(
        "aws_api_gateway_method_settings",
        { ...api, stage_name: "${aws_api_gateway_stage.prod.stage_name}", method_path: "*/*", settings: {} },
        { ...api, stage_name: "prod", method_path: "*/*", settings: {} },
      ),
    ),
    "aws_api_gateway_method_settings.second",
  ],
  [
    "an API's policy beside its own",
    both(
      add("aws_api_gateway_rest_api", "a", {
        name: "a",
        policy: "${var.policy}",
        lifecycle: { create_before_destroy: true },
      }),
      add("aws_api_gateway_rest_api_policy", "a", {
        rest_api_id: "${aws_api_gateway_rest_api.a.id}",
        policy: "${var.policy}",
      }),
    ),
    "aws_api_gateway_rest_api_policy.a",
  ],
  [
    "two gateway responses of one type",
    two("aws_api_gateway_gateway_response", { ...api, response_type: "DEFAULT_5XX" }),
    "aws_api_gateway_gateway_response.second",
  ],
  [
    "two methods of one resource",
    two("aws_api_gateway_method", {
      ...api,
      resource_id: "r1",
      http_method: "GET",
      authorization: "AWS_IAM",
      request_validator_id: "v",
    }),
    "aws_api_gateway_method.second",
  ],
  [
    "two resources of one path, through a local",
    both(
      locals({ items: "items" }),
      two(
        "aws_api_gateway_resource",
        { ...api, parent_id: "p1", path_part: "items" },
        { ...api, parent_id: "p1", path_part: "${local.items}" },
      ),
    ),
    "aws_api_gateway_resource.second",
  ],
  [
    "two integrations of one method",
    two("aws_api_gateway_integration", { ...api, resource_id: "r1", http_method: "GET", type: "MOCK" }),
    "aws_api_gateway_integration.second",
  ],
  [
    "two base path mappings, absent and empty",
    two(
      "aws_api_gateway_base_path_mapping",
      { domain_name: "a.example.com", api_id: "a" },
      { domain_name: "a.example.com", api_id: "b", base_path: "" },
    ),
    "aws_api_gateway_base_path_mapping.second",
  ],
  [
    "two permissions with one statement id",
    both(
      permission("a", "sns.amazonaws.com", { source_account: "123456789012", statement_id: "x" }),
      permission("b", "s3.amazonaws.com", { source_account: "123456789012", statement_id: "x" }),
    ),
    "aws_lambda_permission.b",
  ],
  [
    "two aliases of one name",
    two(
      "aws_lambda_alias",
      { ...fn, name: "live", function_version: "1" },
      { function_name: workerArn, name: "live", function_version: "2" },
    ),
    "aws_lambda_alias.second",
  ],
  ["two URLs of one function", again("aws_lambda_function_url", "worker"), "aws_lambda_function_url.again"],
  [
    "two mappings of one alias, by its ARN and the function's",
    both(alias, again("aws_lambda_event_source_mapping", "jobs", { function_name: `${workerArn}:live` })),
    "aws_lambda_event_source_mapping.again",
  ],
  [
    "a key's policy beside its own",
    both(
      key("k"),
      add("aws_kms_key_policy", "k", {
        key_id: "${aws_kms_key.k.key_id}",
        policy: document({
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::123456789012:root" },
          Action: "kms:*",
          Resource: "*",
        }),
      }),
    ),
    "aws_kms_key_policy.k",
  ],
  [
    "two policies of a table",
    both(
      table(),
      two(
        "aws_dynamodb_resource_policy",
        { resource_arn: tableArn, policy: "${var.policy}" },
        { resource_arn: tableArn, policy: "${var.another}" },
      ),
    ),
    "aws_dynamodb_resource_policy.second",
  ],
  [
    "two streaming destinations of a table",
    both(
      table(),
      two(
        "aws_dynamodb_kinesis_streaming_destination",
        { table_name: "orders", stream_arn: "${var.stream}" },
        { table_name: "${aws_dynamodb_table.orders.name}", stream_arn: "${var.stream}" },
      ),
    ),
    "aws_dynamodb_kinesis_streaming_destination.second",
  ],
  [
    "a replica beside the table's own",
    both(
      table({ replica: [{ region_name: "eu-central-1" }] }),
      add("aws_dynamodb_table_replica", "r", { global_table_arn: tableArn }),
    ),
    "aws_dynamodb_table_replica.r",
  ],
  [
    "two policies of a bus, by name and reference",
    two(
      "aws_cloudwatch_event_bus_policy",
      { event_bus_name: "orders", policy: "${var.policy}" },
      { event_bus_name: "${aws_cloudwatch_event_bus.orders.name}", policy: "${var.policy}" },
    ),
    "aws_cloudwatch_event_bus_policy.second",
  ],
  [
    "two permissions of a bus with one statement id",
    two(
      "aws_cloudwatch_event_permission",
      { principal: "111122223333", statement_id: "x" },
      { principal: "999999999999", statement_id: "x", event_bus_name: "default" },
    ),
    "aws_cloudwatch_event_permission.second",
  ],
  [
    "two log policies of one name",
    two("aws_cloudwatch_log_resource_policy", { policy_name: "p", policy_document: "${var.policy}" }),
    "aws_cloudwatch_log_resource_policy.second",
  ],
  [
    "two subscriptions of one name",
    two(
      "aws_cloudwatch_log_subscription_filter",
      {
        name: "f",
        log_group_name: "${aws_cloudwatch_log_group.worker.name}",
        destination_arn: "${var.stream}",
        role_arn: "${var.role}",
        filter_pattern: "",
      },
      {
        name: "f",
        log_group_name: "/aws/lambda/worker",
        destination_arn: "${var.other}",
        role_arn: "${var.role}",
        filter_pattern: "",
      },
    ),
    "aws_cloudwatch_log_subscription_filter.second",
  ],
  [
    "two scaling targets of one dimension",
    two("aws_appautoscaling_target", {
      service_namespace: "dynamodb",
      resource_id: "table/orders",
      scalable_dimension: "dynamodb:table:ReadCapacityUnits",
      min_capacity: 1,
      max_capacity: 2,
    }),
    "aws_appautoscaling_target.second",
  ],
  [
    "two web ACLs of one stage",
    two(
      "aws_wafv2_web_acl_association",
      { resource_arn: "${var.stage}", web_acl_arn: "${var.a}" },
      { resource_arn: "${var.stage}", web_acl_arn: "${var.b}" },
    ),
    "aws_wafv2_web_acl_association.second",
  ],
  [
    "one key twice in a plan",
    two("aws_api_gateway_usage_plan_key", {
      key_id: "${var.key}",
      key_type: "API_KEY",
      usage_plan_id: "${var.plan}",
    }),
    "aws_api_gateway_usage_plan_key.second",
  ],
  [
    "two alarms of one name, through a local",
    both(
      locals({ p: "worker" }),
      copy("aws_cloudwatch_metric_alarm", "errors", "again"),
      set("aws_cloudwatch_metric_alarm", "again", "alarm_name", "${local.p}-errors"),
    ),
    "aws_cloudwatch_metric_alarm.again",
    ["naming-unique"],
  ],
  [
    "one policy attached twice",
    both(
      role("a", "lambda.amazonaws.com"),
      two(
        "aws_iam_role_policy_attachment",
        { role: "${aws_iam_role.a.name}", policy_arn: "${var.policy}" },
        { role: "a", policy_arn: "${var.policy}" },
      ),
    ),
    "aws_iam_role_policy_attachment.second",
  ],
];

function locals(values: object): Edit {
  return (stack) => {
    Object.assign(stack, { locals: { ...stack.locals, ...values } });
  };
}

export const singleFaults: readonly Faulty[] = faults.map(([name, plant, at, rules = one]) => ({
  name,
  plant,
  at,
  rules,
}));

const settings = {
  logging_level: "INFO",
  metrics_enabled: true,
  throttling_rate_limit: 1,
  throttling_burst_limit: 1,
};

export const singleLegitimate: readonly Legitimate[] = [
  {
    name: "event-invoke configurations of the function and of another version",
    plant: two("aws_lambda_function_event_invoke_config", fn, { ...fn, qualifier: "7" }),
  },
  {
    name: "method settings of all methods and of one",
    plant: two(
      "aws_api_gateway_method_settings",
      {
        ...api,
        stage_name: "prod",
        method_path: "*/*",
        settings,
      },
      {
        ...api,
        stage_name: "prod",
        method_path: "items/GET",
        settings,
      },
    ),
  },
  {
    name: "method settings of two stages",
    plant: two(
      "aws_api_gateway_method_settings",
      {
        ...api,
        stage_name: "prod",
        method_path: "*/*",
        settings,
      },
      {
        ...api,
        stage_name: "next",
        method_path: "*/*",
        settings,
      },
    ),
  },
  { name: "two queues with equal policies", plant: both(queue("a"), queue("b")) },
  {
    name: "two permissions of one principal with different sources",
    plant: both(
      permission("a", "sns.amazonaws.com", { source_arn: topicArn("alarms") }),
      permission("b", "sns.amazonaws.com", { source_arn: "arn:aws:sns:eu-west-1:123456789012:other" }),
    ),
  },
  {
    name: "one statement id on two qualifiers",
    plant: both(
      alias,
      permission("a", "sns.amazonaws.com", {
        source_account: "123456789012",
        statement_id: "x",
        qualifier: "live",
      }),
      permission("b", "sns.amazonaws.com", {
        source_account: "123456789012",
        statement_id: "x",
        function_name: `${workerArn}:7`,
        qualifier: "7",
      }),
    ),
  },
  {
    name: "permissions without a statement id",
    plant: both(
      permission("a", "sns.amazonaws.com", { source_account: "123456789012", statement_id: undefined }),
      permission("b", "sns.amazonaws.com", { source_arn: topicArn("alarms"), statement_id: undefined }),
    ),
  },
  {
    name: "two usage plan keys of one plan",
    plant: two(
      "aws_api_gateway_usage_plan_key",
      { key_id: "${var.a}", key_type: "API_KEY", usage_plan_id: "${var.plan}" },
      { key_id: "${var.b}", key_type: "API_KEY", usage_plan_id: "${var.plan}" },
    ),
  },
  {
    name: "policies of two instances of a queue",
    plant: both(
      add("aws_sqs_queue", "q", {
        for_each: '${toset(["a", "b"])}',
        name: "${each.key}",
        sqs_managed_sse_enabled: true,
      }),
      add("aws_sqs_queue_policy", "q", {
        for_each: '${toset(["a", "b"])}',
        queue_url: "${aws_sqs_queue.q[each.key].id}",
        policy: document(tls("sqs:*", "${aws_sqs_queue.q[each.key].arn}")),
      }),
    ),
  },
  {
    name: "policies of two instances, each by its key",
    plant: both(
      add("aws_sqs_queue", "q", {
        for_each: '${toset(["a", "b"])}',
        name: "${each.key}",
        sqs_managed_sse_enabled: true,
      }),
      ...["a", "b"].map((name) =>
        add("aws_sqs_queue_policy", name, {
          queue_url: `\${aws_sqs_queue.q["${name}"].id}`,
          policy: document(tls("sqs:*", `\${aws_sqs_queue.q["${name}"].arn}`)),
        }),
      ),
    ),
  },
  {
    name: "alternatives by count",
    plant: both(
      queue("q"),
      set("aws_sqs_queue_policy", "q", "count", "${var.a ? 1 : 0}"),
      copy("aws_sqs_queue_policy", "q", "other"),
      set("aws_sqs_queue_policy", "other", "count", "${var.a ? 0 : 1}"),
    ),
  },
  {
    name: "two subscriptions of one topic",
    plant: two(
      "aws_sns_topic_subscription",
      { topic_arn: topicArn("alarms"), protocol: "email", endpoint: "a@example.com" },
      { topic_arn: topicArn("alarms"), protocol: "email", endpoint: "b@example.com" },
    ),
  },
  {
    name: "two policies of a role with two names",
    plant: both(
      role("a", "lambda.amazonaws.com", {
        Effect: "Allow",
        Action: "sqs:SendMessage",
        Resource: queueArn("failed"),
      }),
      add("aws_iam_role_policy", "b", {
        name: "b",
        role: "${aws_iam_role.a.id}",
        policy: document({ Effect: "Allow", Action: "sqs:SendMessage", Resource: queueArn("jobs") }),
      }),
    ),
  },
  {
    name: "two mappings of two functions",
    plant: both(
      alias,
      add("aws_lambda_event_source_mapping", "theirs", {
        event_source_arn: queueArn("jobs"),
        function_name: "arn:aws:lambda:eu-west-1:123456789012:function:other",
        function_response_types: ["ReportBatchItemFailures"],
      }),
    ),
  },
  {
    name: "two base path mappings of one domain",
    plant: two(
      "aws_api_gateway_base_path_mapping",
      { domain_name: "a.example.com", api_id: "a" },
      { domain_name: "a.example.com", api_id: "b", base_path: "v2" },
    ),
  },
  {
    name: "one lifecycle with two rules",
    plant: both(
      bucket("b"),
      add("aws_s3_bucket_lifecycle_configuration", "b", {
        bucket: "${aws_s3_bucket.b.id}",
        rule: ["x", "y"].map((id) => ({
          id,
          status: "Enabled",
          filter: [{ prefix: `${id}/` }],
          expiration: [{ days: 9 }],
          noncurrent_version_expiration: [{ noncurrent_days: 1 }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
        })),
      }),
    ),
  },
  {
    name: "an alias of the same name on another function",
    plant: both(
      alias,
      add("aws_lambda_alias", "theirs", { name: "live", function_name: "another", function_version: "3" }),
    ),
  },
  {
    name: "two log policies of two names",
    plant: two(
      "aws_cloudwatch_log_resource_policy",
      { policy_name: "p", policy_document: "${var.policy}" },
      { policy_name: "q", policy_document: "${var.policy}" },
    ),
  },
  {
    name: "two methods of one resource",
    plant: two(
      "aws_api_gateway_method",
      { ...api, resource_id: "r1", http_method: "GET", authorization: "AWS_IAM", request_validator_id: "v" },
      { ...api, resource_id: "r1", http_method: "PUT", authorization: "AWS_IAM", request_validator_id: "v" },
    ),
  },
  {
    name: "an event-invoke configuration of an alias",
    plant: both(
      alias,
      add("aws_lambda_function_event_invoke_config", "live", {
        function_name: aliasArn.replace("arn", "function_name"),
        qualifier: "live",
      }),
    ),
  },
];
