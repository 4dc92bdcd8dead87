import { add, both, type Edit, set } from "../edit";
import {
  alias,
  aliasArn,
  allow,
  bucket,
  document,
  encryptedBy,
  type Faulty,
  jobsPolicy,
  json,
  key,
  keyFor,
  lets,
  permission,
  queue,
  queueArn,
  role,
  roleArn,
  rule,
  ruleArn,
  target,
  topic,
  topicArn,
  workerArn,
  workerMay,
} from "./parts";
import {
  alarmed,
  budget,
  expiring,
  firehose,
  lines,
  notified,
  providerOf,
  schedule,
  scheduler,
  subscribed,
} from "./senders";

const events = "events.amazonaws.com";
const bucketArn = "${aws_s3_bucket.files.arn}";
const busArn = "${aws_cloudwatch_event_bus.orders.arn}";
const groupArn = "${aws_cloudwatch_log_group.worker.arn}";

/** A rule r with a target. */
const ruled = (arn: string, ...more: readonly Edit[]): Edit => both(rule("r"), target("t", arn), ...more);
const ofRule = (name: string, plant: Edit, rules = ["deliveries-policy"]): Faulty => ({
  name,
  plant,
  at: "aws_cloudwatch_event_target.t",
  rules,
});
const stream = add("aws_kinesis_stream", "s", { name: "s", encryption_type: "NONE" });
const machine = add("aws_sfn_state_machine", "m", {
  name: "m",
  role_arn: "arn:aws:iam::123456789012:role/machine",
  definition: "{}",
});

const ofEventBridge: readonly Faulty[] = [
  ofRule("a rule to a queue whose policy lets nobody send", ruled(queueArn("q"), queue("q"))),
  ofRule(
    "a rule to a queue that another rule may send to",
    ruled(
      queueArn("q"),
      rule("o"),
      queue("q", [lets(events, "sqs:SendMessage", queueArn("q"), ruleArn("o"))]),
    ),
  ),
  ofRule(
    "a rule to a queue that a bus may send to",
    ruled(queueArn("q"), queue("q", [lets(events, "sqs:SendMessage", queueArn("q"), busArn)])),
  ),
  ofRule(
    "a rule to a queue whose policy is about another queue",
    ruled(queueArn("q"), queue("q", [lets(events, "sqs:SendMessage", queueArn("jobs"), ruleArn("r"))])),
  ),
  ofRule(
    "a rule to a queue that it is denied",
    ruled(
      queueArn("q"),
      queue("q", [
        lets(events, "sqs:SendMessage", queueArn("q"), ruleArn("r")),
        {
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:SendMessage",
          Resource: queueArn("q"),
          Condition: { StringNotEquals: { "aws:PrincipalServiceName": "sns.amazonaws.com" } },
        },
      ]),
    ),
  ),
  ofRule(
    "a rule to a topic that only alarms may publish to",
    ruled(topicArn("t"), topic("t", [lets("cloudwatch.amazonaws.com", "sns:Publish", topicArn("t"))])),
  ),
  ofRule("a rule to a topic without a policy of its own for events", ruled(topicArn("t"), topic("t"))),
  ofRule(
    "a rule to a topic whose key it cannot use",
    ruled(
      topicArn("t"),
      key("k"),
      topic("t", [lets(events, "sns:Publish", topicArn("t"), ruleArn("r"))], encryptedBy("k")),
    ),
    ["deliveries-key"],
  ),
  ofRule("a rule to a function with a permission for another rule", ruled(workerArn), [
    "events-target-permission",
  ]),
  ofRule(
    "a rule to an alias with a permission on the function",
    both(alias, ruled(aliasArn, permission("r", events, { source_arn: ruleArn("r") }))),
    ["events-target-permission"],
  ),
  ofRule(
    "a rule whose dead letters nobody may send",
    both(
      rule("r"),
      queue("d"),
      target("t", workerArn, { dead_letter_config: { arn: queueArn("d") } }),
      permission("r", events, { source_arn: ruleArn("r") }),
    ),
  ),
  ofRule("a rule to a data stream without a role", ruled("${aws_kinesis_stream.s.arn}", stream), [
    "deliveries-role",
  ]),
  ofRule("a rule to a bus without a role", ruled(busArn), ["deliveries-role"]),
  ofRule("a rule to a state machine without a role", ruled("${aws_sfn_state_machine.m.arn}", machine), [
    "deliveries-role",
  ]),
  ofRule(
    "a rule with a role that trusts the scheduler",
    both(
      rule("r"),
      stream,
      role("sender", "scheduler.amazonaws.com", allow("kinesis:PutRecord", "${aws_kinesis_stream.s.arn}")),
      target("t", "${aws_kinesis_stream.s.arn}", { role_arn: roleArn("sender") }),
    ),
    ["iam-trust-service"],
  ),
  ofRule(
    "a rule with a role that may write to Firehose only",
    both(
      rule("r"),
      stream,
      role(
        "sender",
        events,
        allow("firehose:PutRecord", "arn:aws:firehose:eu-west-1:123456789012:deliverystream/s"),
      ),
      target("t", "${aws_kinesis_stream.s.arn}", { role_arn: roleArn("sender") }),
    ),
    ["deliveries-role"],
  ),
  ofRule("a rule to a log group without a policy", ruled(groupArn)),
  ofRule(
    "a rule to a log group whose policy lacks the deliverer",
    ruled(
      groupArn,
      add("aws_cloudwatch_log_resource_policy", "p", {
        policy_name: "p",
        policy_document: document(lets(events, "logs:PutLogEvents", `${groupArn}:*`)),
      }),
    ),
  ),
  ofRule(
    "a rule to a FIFO queue without a message group",
    ruled(
      queueArn("q"),
      queue("q", [lets(events, "sqs:SendMessage", queueArn("q"), ruleArn("r"))], {
        name: "q.fifo",
        fifo_queue: true,
      }),
    ),
    ["deliveries-kind"],
  ),
];

const toQueue = { protocol: "sqs", endpoint: queueArn("q") };
const sns = "sns.amazonaws.com";
const ofTopic = (name: string, plant: Edit, rules = ["deliveries-policy"]): Faulty => ({
  name,
  plant: both(topic("t"), plant),
  at: "aws_sns_topic_subscription.s",
  rules,
});
const fromTopic = lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("t"));

const ofSns: readonly Faulty[] = [
  ofTopic("a topic to a queue whose policy lets nobody send", both(queue("q"), subscribed(toQueue))),
  ofTopic(
    "a topic to a queue that another topic may send to",
    both(queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("alarms"))]), subscribed(toQueue)),
  ),
  ofTopic(
    "a topic to a queue whose key SNS cannot use",
    both(key("k"), queue("q", [fromTopic], encryptedBy("k")), subscribed(toQueue)),
    ["deliveries-key"],
  ),
  ofTopic(
    "a topic to a queue with the key that AWS manages",
    both(queue("q", [fromTopic], { kms_master_key_id: "alias/aws/sqs" }), subscribed(toQueue)),
    ["deliveries-key"],
  ),
  ofTopic(
    "a topic to a queue through a key's alias",
    both(
      key("k"),
      add("aws_kms_alias", "k", { name: "alias/k", target_key_id: "${aws_kms_key.k.key_id}" }),
      queue("q", [fromTopic], { kms_master_key_id: "${aws_kms_alias.k.name}" }),
      subscribed(toQueue),
    ),
    ["deliveries-key"],
  ),
  ofTopic(
    "a topic whose dead letters nobody may send",
    both(
      queue("d"),
      queue("q", [fromTopic]),
      subscribed({ ...toQueue, redrive_policy: json({ deadLetterTargetArn: queueArn("d") }) }),
    ),
  ),
  ofTopic(
    "a topic to an alias with a permission on the function",
    both(
      alias,
      permission("t", sns, { source_arn: topicArn("t") }),
      subscribed({ protocol: "lambda", endpoint: aliasArn }),
    ),
  ),
  ofTopic(
    "a topic to a function with a permission for another topic",
    both(
      permission("t", sns, { source_arn: topicArn("alarms") }),
      subscribed({ protocol: "lambda", endpoint: workerArn }),
    ),
  ),
  ofTopic(
    "a topic to Firehose without a role",
    both(
      firehose(),
      subscribed({ protocol: "firehose", endpoint: "${aws_kinesis_firehose_delivery_stream.f.arn}" }),
    ),
    ["deliveries-role"],
  ),
  ofTopic(
    "a topic to Firehose with a role that may not write",
    both(
      firehose(),
      role("sender", sns, allow("firehose:ListDeliveryStreams", "*")),
      subscribed({
        protocol: "firehose",
        endpoint: "${aws_kinesis_firehose_delivery_stream.f.arn}",
        subscription_role_arn: roleArn("sender"),
      }),
    ),
    ["deliveries-role"],
  ),
  ofTopic(
    "a standard topic to a FIFO queue",
    both(queue("q", [fromTopic], { name: "q.fifo", fifo_queue: true }), subscribed(toQueue)),
    ["deliveries-kind"],
  ),
  {
    ...ofTopic(
      "a FIFO topic to a function",
      both(
        set("aws_sns_topic", "t", "fifo_topic", true),
        set("aws_sns_topic", "t", "name", "t.fifo"),
        permission("t", sns, { source_arn: topicArn("t") }),
        subscribed({ protocol: "lambda", endpoint: workerArn }),
      ),
      ["deliveries-kind"],
    ),
  },
];

const ofSchedule = (name: string, plant: Edit, rules = ["deliveries-role"]): Faulty => ({
  name,
  plant,
  at: "aws_scheduler_schedule.s",
  rules,
});

const ofScheduler: readonly Faulty[] = [
  ofSchedule(
    "a schedule that may call the function but not its alias",
    both(alias, scheduler(allow("lambda:InvokeFunction", workerArn)), schedule(aliasArn)),
  ),
  ofSchedule(
    "a schedule that may call another alias",
    both(alias, scheduler(allow("lambda:InvokeFunction", `${workerArn}:canary`)), schedule(aliasArn)),
  ),
  ofSchedule(
    "a schedule that may not send its dead letters",
    both(
      queue("d"),
      scheduler(allow("lambda:InvokeFunction", workerArn)),
      schedule(workerArn, { dead_letter_config: { arn: queueArn("d") } }),
    ),
  ),
  ofSchedule(
    "a schedule that may send to another queue",
    both(queue("q"), scheduler(allow("sqs:SendMessage", queueArn("jobs"))), schedule(queueArn("q"))),
  ),
  ofSchedule(
    "a schedule with a role of Lambda",
    both(
      role("sender", "lambda.amazonaws.com", allow("lambda:InvokeFunction", workerArn)),
      schedule(workerArn),
    ),
    ["iam-trust-service"],
  ),
  ofSchedule(
    "a schedule to a queue whose key its role may not use",
    both(
      key("k"),
      queue("q", [], encryptedBy("k")),
      scheduler(allow("sqs:SendMessage", queueArn("q"))),
      schedule(queueArn("q")),
    ),
    ["deliveries-key"],
  ),
];

const created = ["s3:ObjectCreated:*"];
const s3 = "s3.amazonaws.com";
const ofBucket = (name: string, plant: Edit, rules = ["deliveries-policy"]): Faulty => ({
  name,
  plant,
  at: "aws_s3_bucket_notification.n",
  rules,
});
const toLambda = (arn: string, ...waits: readonly string[]) => ({
  lambda_function: [{ lambda_function_arn: arn, events: created }],
  depends_on: waits,
});
const toQ = {
  queue: [{ queue_arn: queueArn("q"), events: created }],
  depends_on: ["aws_sqs_queue_policy.q"],
};
const fromBucket = lets(s3, "sqs:SendMessage", queueArn("q"), bucketArn);

const ofS3: readonly Faulty[] = [
  ofBucket(
    "a bucket to an alias with a permission on the function",
    both(
      alias,
      permission("files", s3, { source_arn: bucketArn }),
      notified(toLambda(aliasArn, "aws_lambda_permission.files")),
    ),
  ),
  ofBucket(
    "a bucket to a function with a permission for its objects",
    both(
      permission("files", s3, { source_arn: `${bucketArn}/*` }),
      notified(toLambda(workerArn, "aws_lambda_permission.files")),
    ),
  ),
  ofBucket(
    "a bucket to a function with a permission for another bucket",
    both(
      permission("files", s3, { source_arn: "arn:aws:s3:::another" }),
      notified(toLambda(workerArn, "aws_lambda_permission.files")),
    ),
  ),
  ofBucket(
    "a bucket that does not wait for the permission",
    both(permission("files", s3, { source_arn: bucketArn }), notified(toLambda(workerArn))),
    ["deliveries-waits"],
  ),
  ofBucket(
    "a bucket to a queue that another bucket may send to",
    both(queue("q", [lets(s3, "sqs:SendMessage", queueArn("q"), "arn:aws:s3:::another")]), notified(toQ)),
  ),
  ofBucket(
    "a bucket to a queue with the key that AWS manages",
    both(queue("q", [fromBucket], { kms_master_key_id: "alias/aws/sqs" }), notified(toQ)),
    ["deliveries-key"],
  ),
  ofBucket(
    "a bucket to a FIFO queue",
    both(queue("q", [fromBucket], { name: "q.fifo", fifo_queue: true }), notified(toQ)),
    ["deliveries-kind"],
  ),
  ofBucket(
    "a bucket to a queue in another Region",
    both(providerOf("us", "us-east-1"), queue("q", [fromBucket], { provider: "aws.us" }), notified(toQ)),
    ["deliveries-kind"],
  ),
  ofBucket(
    "a bucket to a topic that only alarms may publish to",
    both(
      topic("t", [lets("cloudwatch.amazonaws.com", "sns:Publish", topicArn("t"))]),
      notified({
        topic: [{ topic_arn: topicArn("t"), events: created }],
        depends_on: ["aws_sns_topic_policy.t"],
      }),
    ),
  ),
  {
    name: "a rule on a bucket that sends nothing to EventBridge",
    plant: both(
      bucket("files"),
      rule("r", {
        event_pattern: json({
          source: ["aws.s3"],
          detail: { bucket: { name: ["${aws_s3_bucket.files.bucket}"] } },
        }),
      }),
    ),
    at: "aws_cloudwatch_event_rule.r",
    rules: ["deliveries-bucket-events"],
  },
  {
    name: "a rule on a bucket whose notifications are for a queue only",
    plant: both(
      queue("q", [fromBucket]),
      notified(toQ),
      rule("r", {
        event_pattern: json({ source: ["aws.s3"], detail: { bucket: { name: ["bucket-files"] } } }),
      }),
    ),
    at: "aws_cloudwatch_event_rule.r",
    rules: ["deliveries-bucket-events"],
  },
  {
    name: "a rule on S3's events on a bus of the stack",
    plant: both(
      notified({ eventbridge: true }),
      rule("r", {
        event_bus_name: "${aws_cloudwatch_event_bus.orders.name}",
        event_pattern: json({ source: ["aws.s3"] }),
      }),
    ),
    at: "aws_cloudwatch_event_rule.r",
    rules: ["deliveries-bucket-events"],
  },
];

const ofAlarm = (name: string, plant: Edit, rules: readonly string[]): Faulty => ({
  name,
  plant,
  at: "aws_cloudwatch_metric_alarm.a",
  rules,
});

const ofOthers: readonly Faulty[] = [
  ofAlarm("an alarm to a function without a permission", alarmed(workerArn), ["deliveries-policy"]),
  ofAlarm(
    "an alarm to a function with a permission for CloudWatch itself",
    both(permission("a", "cloudwatch.amazonaws.com", { source_account: "123456789012" }), alarmed(workerArn)),
    ["deliveries-policy"],
  ),
  ofAlarm("an alarm to a queue", alarmed(queueArn("failed")), ["deliveries-kind", "alarms-action-target"]),
  ofAlarm(
    "an alarm to a topic in another Region",
    both(
      providerOf("us", "us-east-1"),
      topic("t", [lets("cloudwatch.amazonaws.com", "sns:Publish", topicArn("t"))], { provider: "aws.us" }),
      alarmed(topicArn("t")),
    ),
    ["deliveries-kind"],
  ),
  ofAlarm(
    "an alarm to another team's topic in another Region",
    alarmed("arn:aws:sns:us-east-1:210987654321:alarms"),
    ["stack-region-matches"],
  ),
  ofAlarm(
    "an alarm to a topic for other alarms",
    both(
      topic("t", [
        lets(
          "cloudwatch.amazonaws.com",
          "sns:Publish",
          topicArn("t"),
          "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:other-*",
        ),
      ]),
      alarmed(topicArn("t")),
    ),
    ["sns-alarm-topic-policy"],
  ),
  {
    name: "an alarm to a FIFO topic",
    plant: both(
      topic("t", [lets("cloudwatch.amazonaws.com", "sns:Publish", topicArn("t"))], {
        name: "t.fifo",
        fifo_topic: true,
      }),
      alarmed(topicArn("t")),
    ),
    at: "aws_cloudwatch_metric_alarm.a",
    rules: ["deliveries-kind"],
  },
  {
    name: "a budget to a topic that only alarms may publish to",
    plant: both(
      topic("t", [lets("cloudwatch.amazonaws.com", "sns:Publish", topicArn("t"))]),
      budget(topicArn("t")),
    ),
    at: "aws_budgets_budget.b",
    rules: ["deliveries-policy"],
  },
  {
    name: "a budget to a topic whose key it cannot use",
    plant: both(
      key("k"),
      topic("t", [lets("budgets.amazonaws.com", "sns:Publish", topicArn("t"))], encryptedBy("k")),
      budget(topicArn("t")),
    ),
    at: "aws_budgets_budget.b",
    rules: ["deliveries-key"],
  },
  ...(
    [
      ["without a permission", undefined, {}],
      [
        "with a permission for another Region's Logs",
        "logs.eu-central-1.amazonaws.com",
        { source_account: "123456789012" },
      ],
      [
        "with a permission for the group without its streams",
        "logs.amazonaws.com",
        { source_arn: "${aws_cloudwatch_log_group.shop.arn}" },
      ],
    ] as const
  ).map(([name, principal, attributes]) => ({
    name: `lines to a function ${name}`,
    plant: both(lines(workerArn), ...(principal ? [permission("lines", principal, attributes)] : [])),
    at: "aws_cloudwatch_log_subscription_filter.lines",
    rules: ["deliveries-policy"],
  })),
  {
    name: "lines of a function to itself",
    plant: both(
      lines(workerArn),
      set(
        "aws_cloudwatch_log_subscription_filter",
        "lines",
        "log_group_name",
        "${aws_cloudwatch_log_group.worker.name}",
      ),
      permission("lines", "logs.amazonaws.com", { source_arn: `${groupArn}:*` }),
    ),
    at: "aws_cloudwatch_log_subscription_filter.lines",
    rules: ["deliveries-loop"],
  },
  {
    name: "lines to Firehose with a role of Firehose",
    plant: both(
      firehose(),
      role(
        "sender",
        "firehose.amazonaws.com",
        allow(
          ["firehose:PutRecord", "firehose:PutRecordBatch"],
          "${aws_kinesis_firehose_delivery_stream.f.arn}",
        ),
      ),
      lines("${aws_kinesis_firehose_delivery_stream.f.arn}", { role_arn: roleArn("sender") }),
    ),
    at: "aws_cloudwatch_log_subscription_filter.lines",
    rules: ["iam-trust-service"],
  },
  {
    name: "Firehose with a function that its role may not call",
    plant: firehose(
      {},
      {
        processing_configuration: {
          enabled: true,
          processors: [
            {
              type: "Lambda",
              parameters: [{ parameter_name: "LambdaArn", parameter_value: `${workerArn}:$LATEST` }],
            },
          ],
        },
      },
    ),
    at: "aws_kinesis_firehose_delivery_stream.f",
    rules: ["deliveries-role"],
  },
  {
    name: "Firehose to a bucket whose key its role may not use",
    plant: both(
      bucket("files"),
      expiring,
      key("k"),
      set("aws_s3_bucket_server_side_encryption_configuration", "files", "rule", [
        {
          apply_server_side_encryption_by_default: [
            { sse_algorithm: "aws:kms", kms_master_key_id: "${aws_kms_key.k.arn}" },
          ],
        },
      ]),
      firehose({}, { bucket_arn: bucketArn }),
    ),
    at: "aws_kinesis_firehose_delivery_stream.f",
    rules: ["deliveries-key"],
  },
  {
    name: "Firehose with a backup that its role may not write",
    plant: both(
      bucket("files"),
      firehose(
        {},
        {
          s3_backup_mode: "Enabled",
          s3_backup_configuration: { role_arn: roleArn("backup"), bucket_arn: bucketArn },
        },
      ),
      role("backup", "firehose.amazonaws.com", allow("s3:PutObject", "arn:aws:s3:::another/*")),
    ),
    at: "aws_kinesis_firehose_delivery_stream.f",
    rules: ["deliveries-role", "s3-log-bucket-deliverer-may-write"],
  },
  {
    name: "Firehose to a bucket that demands a header",
    plant: both(
      bucket("files", [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: `${bucketArn}/*`,
          Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } },
        },
      ]),
      expiring,
      firehose({}, { bucket_arn: bucketArn }),
    ),
    at: "aws_kinesis_firehose_delivery_stream.f",
    rules: ["s3-log-bucket-deliverer-may-write"],
  },
  ...(
    [
      ["without a role", {}, "deliveries-integration"],
      ["with a role that trusts Lambda", { credentials: roleArn("worker") }, "iam-trust-service"],
      ["with a role for another queue", { credentials: roleArn("sender") }, "deliveries-integration"],
    ] as const
  ).map(([name, attributes, found]) => ({
    name: `an API to a queue ${name}`,
    plant: both(
      role("sender", "apigateway.amazonaws.com", allow("sqs:SendMessage", queueArn("failed"))),
      add("aws_api_gateway_integration", "i", {
        rest_api_id: "a1b2c3",
        resource_id: "d4",
        http_method: "POST",
        type: "AWS",
        integration_http_method: "POST",
        uri: "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/${aws_sqs_queue.jobs.name}",
        ...attributes,
      }),
    ),
    at: "aws_api_gateway_integration.i",
    rules: [found],
  })),
  {
    name: "an API that puts events with a role for another action",
    plant: both(
      role("sender", "apigateway.amazonaws.com", allow("events:ListRules", "*")),
      add("aws_api_gateway_integration", "i", {
        rest_api_id: "a1b2c3",
        resource_id: "d4",
        http_method: "POST",
        type: "AWS",
        integration_http_method: "POST",
        uri: "arn:aws:apigateway:eu-west-1:events:action/PutEvents",
        credentials: roleArn("sender"),
      }),
    ),
    at: "aws_api_gateway_integration.i",
    rules: ["deliveries-integration"],
  },
  ...(
    [
      ["a bus", busArn],
      ["an alias", aliasArn],
      ["a queue", queueArn("q")],
    ] as const
  ).map(([name, destination]) => ({
    name: `successes to ${name} that the function's role may not reach`,
    plant: both(
      alias,
      queue("q"),
      workerMay({}, allow("lambda:InvokeFunction", workerArn)),
      add("aws_lambda_function_event_invoke_config", "c", {
        function_name: "${aws_lambda_function.worker.function_name}",
        qualifier: "live",
        destination_config: { on_success: { destination } },
      }),
    ),
    at: "aws_lambda_function_event_invoke_config.c",
    rules: ["lambda-dead-letter-permission"],
  })),
  {
    name: "dead letters to a queue whose key the role may not use",
    plant: both(key("k"), set("aws_sqs_queue", "failed", "kms_master_key_id", "${aws_kms_key.k.arn}")),
    at: "aws_lambda_function.worker",
    rules: ["deliveries-key"],
  },
  {
    name: "a key for SNS whose condition is on another topic",
    plant: both(
      key("k", { ...keyFor(sns), Principal: { Service: "events.amazonaws.com" } }),
      set("aws_sqs_queue", "jobs", "kms_master_key_id", "${aws_kms_key.k.arn}"),
      jobsPolicy(lets(sns, "sqs:SendMessage", queueArn("jobs"))),
    ),
    at: "aws_sns_topic_subscription.worker",
    rules: ["deliveries-key"],
  },
];

export const deliveryFaults: readonly Faulty[] = [
  ...ofEventBridge,
  ...ofSns,
  ...ofScheduler,
  ...ofS3,
  ...ofOthers,
];
