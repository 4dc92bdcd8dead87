import { add, both, type Edit, set } from "../edit";
import {
  alias,
  aliasArn,
  allow,
  bucket,
  document,
  encryptedBy,
  json,
  key,
  keyFor,
  type Legitimate,
  lets,
  permission,
  queue,
  queueArn,
  role,
  roleArn,
  rule,
  ruleArn,
  target,
  tls,
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
  schedule,
  scheduler,
  subscribed,
} from "./senders";

const sns = "sns.amazonaws.com";
const events = "events.amazonaws.com";
const busArn = "${aws_cloudwatch_event_bus.orders.arn}";
const bucketArn = "${aws_s3_bucket.files.arn}";
const created = ["s3:ObjectCreated:*"];
const toQueue = { protocol: "sqs", endpoint: queueArn("q") };
const stream = "${aws_kinesis_firehose_delivery_stream.f.arn}";

const topics: readonly Legitimate[] = (
  [
    ["ArnLike", queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("t"))])],
    [
      "one of three topics",
      queue("q", [
        {
          ...lets(sns, "sqs:SendMessage", queueArn("q")),
          Condition: {
            ArnEquals: {
              "aws:SourceArn": ["arn:aws:sns:eu-west-1:123456789012:x", topicArn("t"), topicArn("alarms")],
            },
          },
        },
      ]),
    ],
    ["the account only", queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"))])],
    [
      "any service of the account, with a pattern for the action",
      queue("q", [{ ...lets(sns, "sqs:Send*", queueArn("q")), Principal: "*" }]),
    ],
    [
      "a document of data",
      both(
        queue("q"),
        set("aws_sqs_queue_policy", "q", "policy", "${data.aws_iam_policy_document.q.json}"),
        add("data.aws_iam_policy_document", "q", {
          statement: [
            {
              effect: "Deny",
              actions: ["sqs:*"],
              resources: [queueArn("q")],
              principals: [{ type: "*", identifiers: ["*"] }],
              condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
            },
            {
              actions: ["sqs:SendMessage"],
              resources: [queueArn("q")],
              principals: [{ type: "Service", identifiers: [sns] }],
              condition: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [topicArn("t")] }],
            },
          ],
        }),
      ),
    ],
    [
      "a policy that only Terraform knows",
      both(queue("q"), set("aws_sqs_queue_policy", "q", "policy", '${file("q.json")}')),
    ],
    [
      "a policy from a template",
      both(
        queue("q"),
        set(
          "aws_sqs_queue_policy",
          "q",
          "policy",
          '${templatefile("q.json", {"arn" = aws_sqs_queue.q.arn})}',
        ),
      ),
    ],
    [
      "a policy inside of the queue",
      both(
        add("aws_sqs_queue", "q", {
          name: "q",
          sqs_managed_sse_enabled: true,
          policy: document(tls("sqs:*", "*"), lets(sns, "sqs:SendMessage", "*", topicArn("t"))),
        }),
      ),
    ],
    [
      "a policy by the queue's url",
      both(
        queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("t"))]),
        set("aws_sqs_queue_policy", "q", "queue_url", "${aws_sqs_queue.q.url}"),
      ),
    ],
    [
      "a policy in a for_each",
      both(
        queue("q"),
        set("aws_sqs_queue_policy", "q", "queue_url", "${each.value}"),
        set("aws_sqs_queue_policy", "q", "for_each", "${var.queues}"),
      ),
    ],
    [
      "a key for SNS",
      both(
        key("k", keyFor(sns)),
        queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("t"))], encryptedBy("k")),
      ),
    ],
    [
      "a key by data",
      both(
        queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("t"))], {
          kms_master_key_id: "${data.aws_kms_alias.k.target_key_arn}",
        }),
      ),
    ],
    [
      "a name that only Terraform knows",
      queue(
        "q",
        [lets(sns, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:${var.prefix}-q", topicArn("t"))],
        { name: "${var.prefix}-q" },
      ),
    ],
    [
      "a name that Terraform makes",
      queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("t"))], {
        name: undefined,
        name_prefix: "q-",
      }),
    ],
  ] as const
).map(([name, plant]) => ({
  name: `a topic to a queue by ${name}`,
  plant: both(topic("t"), plant, subscribed(toQueue)),
}));

const elsewhere: readonly Legitimate[] = [
  {
    name: "a topic to another team's queue",
    plant: both(topic("t"), subscribed({ protocol: "sqs", endpoint: "${var.queue_arn}" })),
  },
  {
    name: "another team's topic to a queue",
    plant: both(
      queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), "${var.topic_arn}")]),
      subscribed({ ...toQueue, topic_arn: "${var.topic_arn}" }),
    ),
  },
  {
    name: "a rule to another account's bus",
    plant: both(
      rule("r"),
      role(
        "sender",
        events,
        allow("events:PutEvents", "arn:aws:events:eu-west-1:999999999999:event-bus/theirs"),
      ),
      target("t", "arn:aws:events:eu-west-1:999999999999:event-bus/theirs", { role_arn: roleArn("sender") }),
    ),
  },
  {
    name: "a rule to a queue of a remote state",
    plant: both(rule("r"), target("t", "${data.terraform_remote_state.other.outputs.queue}")),
  },
  {
    name: "a rule to an API destination",
    plant: both(
      rule("r"),
      add("aws_cloudwatch_event_api_destination", "d", {
        name: "d",
        invocation_endpoint: "https://example.com",
        http_method: "POST",
        connection_arn: "${aws_cloudwatch_event_connection.c.arn}",
      }),
      role(
        "sender",
        events,
        allow("events:InvokeApiDestination", "${aws_cloudwatch_event_api_destination.d.arn}"),
      ),
      target("t", "${aws_cloudwatch_event_api_destination.d.arn}", { role_arn: roleArn("sender") }),
    ),
  },
  {
    name: "a rule to a state machine",
    plant: both(
      rule("r"),
      add("aws_sfn_state_machine", "m", {
        name: "m",
        role_arn: "arn:aws:iam::123456789012:role/m",
        definition: "{}",
      }),
      role("sender", events, allow("states:StartExecution", "${aws_sfn_state_machine.m.arn}")),
      target("t", "${aws_sfn_state_machine.m.arn}", { role_arn: roleArn("sender") }),
    ),
  },
  {
    name: "a rule to a command of Systems Manager",
    plant: both(
      rule("r"),
      target("t", "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript", {
        role_arn: "arn:aws:iam::123456789012:role/ssm",
      }),
    ),
  },
  {
    name: "a rule to a log group",
    plant: both(
      rule("r"),
      add("aws_cloudwatch_log_group", "e", { name: "/aws/events/orders", retention_in_days: 14 }),
      add("aws_cloudwatch_log_resource_policy", "e", {
        policy_name: "e",
        policy_document: document({
          ...lets(events, "logs:*", "x"),
          Principal: { Service: [events, "delivery.logs.amazonaws.com"] },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/events/*:*",
        }),
      }),
      target("t", "${aws_cloudwatch_log_group.e.arn}"),
    ),
  },
  {
    name: "a rule to a bus of the stack",
    plant: both(
      rule("r"),
      role("sender", events, allow("events:PutEvents", busArn)),
      target("t", busArn, { role_arn: roleArn("sender") }),
    ),
  },
  {
    name: "a rule to a FIFO queue with a message group",
    plant: both(
      rule("r"),
      queue("q", [lets(events, "sqs:SendMessage", queueArn("q"), ruleArn("r"))], {
        name: "q.fifo",
        fifo_queue: true,
      }),
      target("t", queueArn("q"), { sqs_target: { message_group_id: "orders" } }),
    ),
  },
  {
    name: "a queue for every rule of the account",
    plant: both(
      rule("a"),
      rule("b"),
      queue("q", [
        lets(events, "sqs:SendMessage", queueArn("q"), "arn:aws:events:eu-west-1:123456789012:rule/*"),
      ]),
      target("a", queueArn("q"), { rule: "${aws_cloudwatch_event_rule.a.name}" }),
      target("b", queueArn("q"), { rule: "${aws_cloudwatch_event_rule.b.name}" }),
    ),
  },
  {
    name: "one policy for events, topics and buckets",
    plant: both(
      rule("r"),
      topic("t"),
      queue("q", [
        lets(events, "sqs:SendMessage", queueArn("q"), ruleArn("r")),
        lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("t")),
        lets("s3.amazonaws.com", "sqs:SendMessage", queueArn("q"), bucketArn),
      ]),
      target("t", queueArn("q")),
      subscribed(toQueue),
      notified({
        queue: [{ queue_arn: queueArn("q"), events: created }],
        depends_on: ["aws_sqs_queue_policy.q"],
      }),
    ),
  },
  {
    name: "a rule with a schedule on a function",
    plant: both(
      rule("r", { event_pattern: undefined, schedule_expression: "rate(1 hour)" }),
      permission("r", events, { source_arn: ruleArn("r") }),
      target("t", workerArn),
    ),
  },
];

const others: readonly Legitimate[] = [
  {
    name: "a schedule with a universal target",
    plant: both(
      scheduler(allow("sqs:SendMessage", queueArn("jobs"))),
      schedule("arn:aws:scheduler:::aws-sdk:sqs:sendMessage", { input: "{}" }),
    ),
  },
  {
    name: "a schedule of an alias, without a permission",
    plant: both(alias, scheduler(allow("lambda:InvokeFunction", aliasArn)), schedule(aliasArn)),
  },
  {
    name: "a schedule that may call every version",
    plant: both(
      alias,
      scheduler(allow("lambda:InvokeFunction", [workerArn, `${workerArn}:*`])),
      schedule(aliasArn),
    ),
  },
  {
    name: "a schedule with a dead-letter queue",
    plant: both(
      queue("d"),
      scheduler(allow("lambda:InvokeFunction", workerArn), allow("sqs:SendMessage", queueArn("d"))),
      schedule(workerArn, { dead_letter_config: { arn: queueArn("d") } }),
    ),
  },
  {
    name: "a schedule with another team's role",
    plant: schedule(workerArn, { role_arn: "arn:aws:iam::123456789012:role/theirs" }),
  },
  {
    name: "successes to an alias",
    plant: both(
      alias,
      workerMay({}, allow("lambda:InvokeFunction", `${workerArn}:*`)),
      add("aws_lambda_function_event_invoke_config", "c", {
        function_name: "${aws_lambda_function.worker.function_name}",
        qualifier: "live",
        destination_config: { on_success: { destination: aliasArn } },
      }),
    ),
  },
  {
    name: "failures to a bucket",
    plant: both(
      bucket("files"),
      workerMay({}, allow("s3:PutObject", `${bucketArn}/*`), allow("s3:ListBucket", bucketArn)),
      add("aws_lambda_function_event_invoke_config", "c", {
        function_name: "${aws_lambda_function.worker.function_name}",
        destination_config: { on_failure: { destination: bucketArn } },
      }),
    ),
  },
  {
    name: "an encrypted dead-letter queue",
    plant: both(
      key("k", keyFor(sns), keyFor(events)),
      set("aws_sqs_queue", "failed", "kms_master_key_id", "${aws_kms_key.k.arn}"),
      workerMay(
        {},
        allow(["kms:GenerateDataKey", "kms:Decrypt"], "${aws_kms_key.k.arn}", {
          Condition: { StringEquals: { "kms:ViaService": "sqs.eu-west-1.amazonaws.com" } },
        }),
      ),
    ),
  },
  {
    name: "a queue with its own encryption and three senders",
    plant: both(
      queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("alarms"))]),
      subscribed({ ...toQueue, topic_arn: topicArn("alarms") }),
    ),
  },
  {
    name: "a bucket with all kinds of notifications",
    plant: both(
      permission("files", "s3.amazonaws.com", { source_arn: bucketArn, source_account: "123456789012" }),
      queue("q", [lets("s3.amazonaws.com", "sqs:SendMessage", queueArn("q"), bucketArn)]),
      notified({
        eventbridge: true,
        queue: [{ queue_arn: queueArn("q"), events: created, filter_prefix: "a/" }],
        lambda_function: [{ lambda_function_arn: workerArn, events: created, filter_prefix: "b/" }],
        depends_on: ["aws_sqs_queue_policy.q", "aws_lambda_permission.files"],
      }),
    ),
  },
  {
    name: "a rule on a bucket that sends its events",
    plant: both(
      notified({ eventbridge: true }),
      rule("r", {
        event_pattern: json({ source: ["aws.s3"], detail: { bucket: { name: ["bucket-files"] } } }),
      }),
    ),
  },
  {
    name: "a rule on events of another bucket",
    plant: rule("r", {
      event_pattern: json({ source: ["aws.s3"], detail: { bucket: { name: ["theirs"] } } }),
    }),
  },
  {
    name: "an alarm to a function",
    plant: both(
      permission("a", "lambda.alarms.cloudwatch.amazonaws.com", { source_account: "123456789012" }),
      alarmed(workerArn),
    ),
  },
  {
    name: "an alarm to a topic of its own policy",
    plant: both(
      topic("t", [
        lets(
          "cloudwatch.amazonaws.com",
          "sns:Publish",
          topicArn("t"),
          "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*",
        ),
      ]),
      alarmed(topicArn("t")),
    ),
  },
  {
    name: "a budget to a topic",
    plant: both(
      topic("t", [
        lets("budgets.amazonaws.com", "sns:Publish", topicArn("t"), "arn:aws:budgets::123456789012:*"),
      ]),
      budget(topicArn("t")),
    ),
  },
  {
    name: "lines to a function",
    plant: both(
      lines(workerArn),
      permission("lines", "logs.amazonaws.com", { source_arn: "${aws_cloudwatch_log_group.shop.arn}:*" }),
    ),
  },
  {
    name: "lines to a function, by the Region's principal",
    plant: both(
      lines(workerArn),
      permission("lines", "logs.eu-west-1.amazonaws.com", {
        source_arn: "${aws_cloudwatch_log_group.shop.arn}:*",
      }),
    ),
  },
  {
    name: "lines to Firehose",
    plant: both(
      firehose(
        {},
        {
          processing_configuration: {
            enabled: true,
            processors: [{ type: "Decompression", parameters: [] }],
          },
        },
      ),
      role("sender", "logs.amazonaws.com", allow(["firehose:PutRecord", "firehose:PutRecordBatch"], stream)),
      lines(stream, { role_arn: roleArn("sender") }),
    ),
  },
  {
    name: "lines to Firehose with a role of the Region's Logs",
    plant: both(
      firehose(
        {},
        {
          processing_configuration: {
            enabled: true,
            processors: [{ type: "Decompression", parameters: [] }],
          },
        },
      ),
      role("sender", "logs.eu-west-1.amazonaws.com", allow("firehose:Put*", stream)),
      lines(stream, { role_arn: roleArn("sender") }),
    ),
  },
  {
    name: "Firehose to a bucket",
    plant: both(bucket("files"), expiring, firehose({}, { bucket_arn: bucketArn })),
  },
  {
    name: "an API to a queue",
    plant: both(
      role("sender", "apigateway.amazonaws.com", allow("sqs:SendMessage", queueArn("jobs"))),
      add("aws_api_gateway_integration", "i", {
        rest_api_id: "a1b2c3",
        resource_id: "d4",
        http_method: "POST",
        type: "AWS",
        integration_http_method: "POST",
        uri: "arn:aws:apigateway:${var.region}:sqs:path/${data.aws_caller_identity.me.account_id}/${aws_sqs_queue.jobs.name}",
        credentials: roleArn("sender"),
      }),
    ),
  },
  {
    name: "an API to a table",
    plant: both(
      role(
        "sender",
        "apigateway.amazonaws.com",
        allow("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"),
      ),
      add("aws_api_gateway_integration", "i", {
        rest_api_id: "a1b2c3",
        resource_id: "d4",
        http_method: "GET",
        type: "AWS",
        integration_http_method: "POST",
        uri: "arn:aws:apigateway:eu-west-1:dynamodb:action/GetItem",
        credentials: roleArn("sender"),
      }),
    ),
  },
  {
    name: "an API with the caller's own credentials",
    plant: add("aws_api_gateway_integration", "i", {
      rest_api_id: "a1b2c3",
      resource_id: "d4",
      http_method: "GET",
      type: "AWS",
      integration_http_method: "GET",
      uri: "arn:aws:apigateway:eu-west-1:s3:path/reports/{key}",
      credentials: "arn:aws:iam::*:user/*",
    }),
  },
  {
    name: "a topic to Firehose",
    plant: both(
      topic("t"),
      firehose(),
      role("sender", sns, allow(["firehose:PutRecord", "firehose:PutRecordBatch"], stream)),
      subscribed({ protocol: "firehose", endpoint: stream, subscription_role_arn: roleArn("sender") }),
    ),
  },
  {
    name: "a FIFO topic to a FIFO queue",
    plant: both(
      topic("t", [], { name: "t.fifo", fifo_topic: true }),
      queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), topicArn("t"))], {
        name: "q.fifo",
        fifo_queue: true,
      }),
      subscribed(toQueue),
    ),
  },
  {
    name: "a topic to an alias",
    plant: both(
      alias,
      topic("t"),
      permission("t", sns, { source_arn: topicArn("t"), qualifier: "live" }),
      subscribed({ protocol: "lambda", endpoint: aliasArn }),
    ),
  },
  {
    name: "a permission whose name is the alias's ARN",
    plant: both(
      alias,
      topic("t"),
      permission("t", sns, { source_arn: topicArn("t"), function_name: aliasArn }),
      subscribed({ protocol: "lambda", endpoint: aliasArn }),
    ),
  },
  {
    name: "a Region that only Terraform knows",
    plant: both(
      regionOf("${var.region}"),
      topic("t"),
      queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), "arn:aws:sns:${var.region}:123456789012:t")]),
      subscribed(toQueue),
    ),
  },
  {
    name: "another Region's provider",
    plant: both(
      anotherProvider,
      topic("t", [], { provider: "aws.us" }),
      queue("q", [lets(sns, "sqs:SendMessage", queueArn("q"), "arn:aws:sns:us-east-1:123456789012:t")], {
        provider: "aws.us",
      }),
      subscribed({ ...toQueue, provider: "aws.us" }),
    ),
  },
];

function regionOf(region: string): Edit {
  return (stack) => {
    const [aws = {}] = (stack.provider?.aws ?? []) as readonly object[];
    Object.assign(aws, { region });
  };
}

function anotherProvider(stack: Parameters<Edit>[0]): void {
  const aws = (stack.provider?.aws ?? []) as readonly object[];
  Object.assign(stack, {
    provider: {
      aws: [
        ...aws,
        {
          alias: "us",
          region: "us-east-1",
          default_tags: [{ tags: { Environment: "test", Owner: "team" } }],
        },
      ],
    },
  });
}

const logs: readonly Legitimate[] = [
  {
    name: "lines that are delivered to a bucket, without a retention",
    plant: both(
      add("aws_cloudwatch_log_group", "delivered", { name: "/shop/delivered", log_group_class: "DELIVERY" }),
      add("aws_cloudwatch_log_delivery_source", "s", {
        name: "s",
        log_type: "APPLICATION_LOGS",
        resource_arn: "${var.bot}",
      }),
      add("aws_cloudwatch_log_delivery_destination", "d", {
        name: "d",
        delivery_destination_configuration: { destination_resource_arn: "arn:aws:s3:::theirs" },
      }),
      add("aws_cloudwatch_log_delivery", "x", {
        delivery_source_name: "${aws_cloudwatch_log_delivery_source.s.name}",
        delivery_destination_arn: "${aws_cloudwatch_log_delivery_destination.d.arn}",
      }),
    ),
  },
  {
    name: "a group of seldom read lines",
    plant: add("aws_cloudwatch_log_group", "seldom", {
      name: "/shop/seldom",
      log_group_class: "INFREQUENT_ACCESS",
      retention_in_days: 30,
    }),
  },
  {
    name: "two subscriptions of one group",
    plant: both(
      lines(workerArn),
      permission("lines", "logs.amazonaws.com", { source_arn: "${aws_cloudwatch_log_group.shop.arn}:*" }),
      add("aws_cloudwatch_log_subscription_filter", "second", {
        name: "second",
        log_group_name: "${aws_cloudwatch_log_group.shop.name}",
        filter_pattern: "ERROR",
        destination_arn: "arn:aws:kinesis:eu-west-1:999999999999:stream/central",
        role_arn: "arn:aws:iam::123456789012:role/central",
      }),
    ),
  },
  {
    name: "a bucket to another account's topic",
    plant: notified({
      topic: [{ topic_arn: "arn:aws:sns:eu-west-1:999999999999:files", events: created }],
    }),
  },
  {
    name: "a rule to a task of ECS",
    plant: both(
      rule("r"),
      target("t", "${aws_ecs_cluster.c.arn}", {
        role_arn: "arn:aws:iam::123456789012:role/ecs-events",
        ecs_target: { task_definition_arn: "${aws_ecs_task_definition.t.arn}" },
      }),
    ),
  },
];

export const deliveryLegitimate: readonly Legitimate[] = [...topics, ...elsewhere, ...others, ...logs];
