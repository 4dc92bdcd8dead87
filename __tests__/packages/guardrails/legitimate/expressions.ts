import { add, both } from "../edit";
import type { Legitimate } from "./legitimate";
import { alarm, fn, functionRole, logGroup, packaged, policy, queue, table, topic, trust } from "./parts";

const long = "x".repeat(60);

/** Names, lists and switches that only Terraform knows, in the whole of its language. */
export const expressionVariants: readonly Legitimate[] = [
  { variant: "a queue named by a variable", parts: queue("q", { name: "${var.prefix}-orders" }) },
  { variant: "a queue named by a variable alone", parts: queue("q", { name: "${var.name}" }) },
  {
    variant: "a queue named by a local of a variable",
    parts: both(
      (stack) => {
        Object.assign(stack, { locals: { name: "${var.prefix}-orders" } });
      },
      queue("q", { name: "${local.name}" }),
    ),
  },
  {
    variant: "a topic named by format",
    parts: topic("t", { name: '${format("%s-orders", var.prefix)}' }),
  },
  { variant: "a topic named by lower", parts: topic("t", { name: '${lower("${var.prefix}-ORDERS")}' }) },
  {
    variant: "a topic named by join",
    parts: topic("t", { name: '${join("-", [var.prefix, "orders", terraform.workspace])}' }),
  },
  {
    variant: "a topic named by replace",
    parts: topic("t", { name: '${replace(var.prefix, "/[^a-z]/", "-")}' }),
  },
  {
    variant: "a long name cut by substr",
    parts: fn("cut", {
      function_name: `\${substr("${long}-\${var.prefix}", 0, 64)}`,
      logging_config: { log_format: "JSON", log_group: "${aws_cloudwatch_log_group.cut.name}" },
    }),
  },
  {
    variant: "a name with a conditional",
    parts: topic("t", { name: '${var.prod ? "orders" : "orders-test"}' }),
  },
  {
    variant: "a name with braces inside its expression",
    parts: topic("t", { name: '${lookup({ prod = "orders" }, var.stage, "other")}' }),
  },
  {
    variant: "a FIFO queue named by a variable",
    parts: queue("q", { name: "${var.prefix}.fifo", fifo_queue: true }),
  },
  {
    variant: "a queue whose kind is a variable",
    parts: queue("q", { name: "${var.name}", fifo_queue: "${var.fifo}" }),
  },
  {
    variant: "a queue with a fixed name whose kind is a variable",
    parts: queue("q", { name: "orders.fifo", fifo_queue: "${var.fifo}" }),
  },
  {
    variant: "a table with dynamic attributes",
    parts: table("t", {
      attribute: undefined,
      dynamic: {
        attribute: { for_each: "${var.attributes}", content: { name: "${attribute.value}", type: "S" } },
      },
    }),
  },
  {
    variant: "a table with dynamic indexes beside fixed attributes",
    parts: table("t", {
      attribute: [
        { name: "id", type: "S" },
        { name: "owner", type: "S" },
      ],
      dynamic: {
        global_secondary_index: {
          for_each: "${var.indexes}",
          content: { name: "by-owner", hash_key: "owner", projection_type: "ALL" },
        },
      },
    }),
  },
  {
    variant: "a policy document with dynamic statements",
    parts: both(
      add("data.aws_iam_policy_document", "dynamic", {
        dynamic: {
          statement: {
            for_each: "${var.queues}",
            content: { actions: ["sqs:SendMessage"], resources: ["${statement.value}"] },
          },
        },
      }),
      add("aws_iam_policy", "dynamic", {
        name: "dynamic",
        policy: "${data.aws_iam_policy_document.dynamic.json}",
      }),
    ),
  },
  {
    variant: "a lifecycle with dynamic rules",
    parts: add("aws_s3_bucket_lifecycle_configuration", "dynamic", {
      bucket: "theirs",
      dynamic: {
        rule: {
          for_each: "${var.rules}",
          content: { id: "${rule.key}", status: "Enabled", expiration: { days: "${rule.value}" } },
        },
      },
    }),
  },
  {
    variant: "a function with a dynamic environment",
    parts: fn("dynamic", {
      dynamic: {
        environment: { for_each: "${var.environments}", content: { variables: "${environment.value}" } },
      },
    }),
  },
  {
    variant: "a function with dynamic tracing and dead letters",
    parts: fn("dynamics", {
      dead_letter_config: undefined,
      tracing_config: undefined,
      dynamic: {
        dead_letter_config: { for_each: [1], content: { target_arn: "${var.dlq}" } },
        tracing_config: { for_each: "${var.trace}", content: { mode: "Active" } },
      },
    }),
  },
  {
    variant: "a table with dynamic recovery",
    parts: table("t", {
      point_in_time_recovery: undefined,
      dynamic: { point_in_time_recovery: { for_each: [1], content: { enabled: true } } },
    }),
  },
  {
    variant: "one queue or none, by count",
    parts: both(
      add("aws_sqs_queue", "maybe", {
        count: "${var.on ? 1 : 0}",
        name: "maybe",
        sqs_managed_sse_enabled: true,
      }),
      add("aws_sqs_queue_policy", "maybe", {
        count: "${var.on ? 1 : 0}",
        queue_url: "${aws_sqs_queue.maybe[0].id}",
        policy: policy({
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: "${aws_sqs_queue.maybe[0].arn}",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      }),
    ),
  },
  {
    variant: "a queue and its policy for each of a set",
    parts: both(
      add("aws_sqs_queue", "each", {
        for_each: '${toset(["a", "b"])}',
        name: "orders-${each.key}",
        sqs_managed_sse_enabled: true,
      }),
      add("aws_sqs_queue_policy", "each", {
        for_each: '${toset(["a", "b"])}',
        queue_url: "${aws_sqs_queue.each[each.key].id}",
        policy: policy({
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: "${aws_sqs_queue.each[each.key].arn}",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      }),
      alarm("each", {
        namespace: "AWS/SQS",
        metric_name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: '${aws_sqs_queue.each["a"].name}' },
      }),
    ),
  },
  {
    variant: "alarms for each name of a list",
    parts: alarm("each", { for_each: "${toset(var.names)}", alarm_name: "${each.value}-failed" }),
  },
  {
    variant: "every instance of a list by a splat",
    parts: alarm("splat", { alarm_actions: "${aws_sns_topic.alarms[*].arn}" }),
  },
  {
    variant: "a key that exists only sometimes",
    parts: fn("maybe-key", { kms_key_arn: "${var.cmk ? aws_kms_key.k[0].arn : null}" }),
  },
  {
    variant: "a retention by variable",
    parts: logGroup("variable", { retention_in_days: "${var.days}" }),
  },
  {
    variant: "a timeout, memory and concurrency by variable",
    parts: fn("numbers", {
      timeout: "${var.timeout}",
      memory_size: "${local.memory}",
      reserved_concurrent_executions: "${var.concurrency}",
    }),
  },
  {
    variant: "tracing and a runtime by variable",
    parts: fn("settings", { runtime: "${var.runtime}", tracing_config: { mode: "${var.mode}" } }),
  },
  {
    variant: "encryption and recovery by variable",
    parts: both(
      queue("q", { sqs_managed_sse_enabled: "${var.sse}" }),
      table("t", {
        point_in_time_recovery: { enabled: "${var.recovery}" },
        deletion_protection_enabled: "${var.protected}",
      }),
    ),
  },
  {
    variant: "a billing mode by variable",
    parts: table("t", {
      billing_mode: "${var.billing}",
      read_capacity: "${var.read}",
      write_capacity: "${var.write}",
    }),
  },
  {
    variant: "an ARN of another state",
    parts: both(
      add("data.terraform_remote_state", "network", { backend: "s3" }),
      alarm("state", { alarm_actions: ["${data.terraform_remote_state.network.outputs.topic}"] }),
      add("aws_cloudwatch_event_target", "state", {
        rule: "${aws_cloudwatch_event_rule.nightly.name}",
        arn: "${data.terraform_remote_state.network.outputs.queue}",
        dead_letter_config: { arn: "${module.dlq.arn}" },
      }),
    ),
  },
  {
    variant: "an ARN of a module in a permission",
    parts: both(
      fn("permitted"),
      add("aws_lambda_permission", "module", {
        action: "lambda:InvokeFunction",
        function_name: "${aws_lambda_function.permitted.function_name}",
        principal: "events.amazonaws.com",
        source_arn: "${module.rules.arn}",
      }),
    ),
  },
  {
    variant: "a second provider in another Region, whose resources have that Region's ARNs",
    parts: both(
      (stack) => {
        const [own] = (stack.provider as { aws: object[] }).aws;
        Object.assign(stack, {
          provider: { aws: [own, { ...own, alias: "virginia", region: "us-east-1" }] },
        });
      },
      alarm("virginia", {
        provider: "aws.virginia",
        alarm_actions: ["arn:aws:sns:us-east-1:123456789012:alarms"],
      }),
    ),
  },
  {
    variant: "a provider for China, whose resources have that partition's ARNs",
    parts: (stack) => {
      const [own] = (stack.provider as { aws: object[] }).aws;
      Object.assign(stack, { provider: { aws: [{ ...own, region: "cn-north-1" }] } });
      alarm("china", { alarm_actions: ["arn:aws-cn:sns:cn-north-1:123456789012:alarms"] })(stack);
    },
  },
  {
    variant: "global ARNs, which have no Region",
    parts: fn(
      "global",
      {},
      { Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/reader" },
      { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*" },
    ),
  },
  {
    variant: "tags by variable and by merge",
    parts: both(
      queue("q", { tags: "${var.tags}" }),
      topic("t", { tags: '${merge(local.tags, { Name = "orders" })}' }),
    ),
  },
  {
    variant: "required tags that a variable may hold",
    parts: (stack) => {
      Object.assign(stack, {
        provider: { aws: [{ region: "eu-west-1", default_tags: [{ tags: "${var.tags}" }] }] },
      });
    },
  },
  {
    variant: "a Region by variable",
    parts: (stack) => {
      Object.assign(stack, {
        provider: {
          aws: [
            { region: "${var.region}", default_tags: [{ tags: { Environment: "test", Owner: "team" } }] },
          ],
        },
      });
      alarm("region", { alarm_actions: ["arn:aws:sns:eu-north-1:123456789012:alarms"] })(stack);
    },
  },
  {
    variant: "a schedule by variable",
    parts: add("aws_cloudwatch_event_rule", "schedule", {
      name: "schedule",
      schedule_expression: "rate(${var.minutes} minutes)",
    }),
  },
  {
    variant: "a handler by variable",
    parts: packaged("handled", { "main.js": "exports.run = () => {};" }, { handler: "${var.handler}" }),
  },
  {
    variant: "a role's name by prefix",
    parts: both(
      functionRole("prefixed"),
      add("aws_iam_role", "by-prefix", {
        name_prefix: "orders-",
        assume_role_policy: trust("lambda.amazonaws.com"),
      }),
    ),
  },
];
