import { add, both, change, type Edit, type StatementJson, set, statement, statements } from "./edit";
import type { Fault } from "./fault";

const json = (value: unknown): string => JSON.stringify(value);
const rolePolicy = "aws_iam_role_policy";

const worker = (caughtBy: string, fault: string, plant: Edit, fixed?: Edit): Fault => ({
  in: "worker",
  caughtBy,
  fault,
  plant,
  ...(fixed && { fixed }),
});
const prod = (caughtBy: string, fault: string, plant: Edit, fixed?: Edit): Fault => ({
  ...worker(caughtBy, fault, plant, fixed),
  in: "prod",
});

/** The target of the rule on placed orders. */
const target = (attributes: Readonly<Record<string, unknown>>): Edit =>
  both(
    ...Object.entries(attributes).map(([name, value]) =>
      set("aws_cloudwatch_event_target", "placed", name, value),
    ),
  );

/** A role that a service assumes, with one statement. */
const role = (service: string, one: StatementJson): Edit =>
  both(
    add("aws_iam_role", "sender", {
      name: "sender",
      assume_role_policy: json({
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
      }),
    }),
    add(rolePolicy, "sender", {
      name: "sender",
      role: "${aws_iam_role.sender.id}",
      policy: json({ Version: "2012-10-17", Statement: { Effect: "Allow", ...one } }),
    }),
  );

const schedule = (Resource: string): Edit =>
  both(
    role("scheduler.amazonaws.com", { Action: "lambda:InvokeFunction", Resource }),
    add("aws_lambda_alias", "live", {
      name: "live",
      function_name: "${aws_lambda_function.worker.function_name}",
      function_version: "7",
    }),
    set("aws_lambda_permission", "placed", "qualifier", "${aws_lambda_alias.live.name}"),
    target({ arn: "${aws_lambda_alias.live.arn}" }),
    set("aws_lambda_event_source_mapping", "jobs", "function_name", "${aws_lambda_alias.live.arn}"),
    add("aws_scheduler_schedule", "nightly", {
      name: "nightly",
      schedule_expression: "rate(1 hour)",
      flexible_time_window: [{ mode: "OFF" }],
      target: [{ arn: "${aws_lambda_alias.live.arn}", role_arn: "${aws_iam_role.sender.arn}" }],
    }),
  );

/** A key for the queue of jobs, which SNS delivers to. */
const queueKey = (...services: readonly string[]): Edit =>
  both(
    add("aws_kms_key", "jobs", {
      enable_key_rotation: true,
      policy: json({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "kms:*",
            Resource: "*",
          },
          ...services.map((Service) => ({
            Effect: "Allow",
            Principal: { Service },
            Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
            Resource: "*",
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          })),
        ],
      }),
    }),
    set("aws_sqs_queue", "jobs", "kms_master_key_id", "${aws_kms_key.jobs.arn}"),
    change<object[]>("data.aws_iam_policy_document", "worker", "statement", (all) => [
      ...all,
      { actions: ["kms:Decrypt"], resources: ["${aws_kms_key.jobs.arn}"] },
    ]),
  );

const added =
  (one: StatementJson) =>
  (all: StatementJson[]): readonly StatementJson[] => [...all, one];

const without =
  (sid: string) =>
  (all: StatementJson[]): readonly StatementJson[] =>
    all.filter(({ Sid }) => Sid !== sid);

const onTable = (suffix: string, Action: string): StatementJson => ({
  Effect: "Allow",
  Action,
  Resource: `\${aws_dynamodb_table.items-table_1F7CDFD5.arn}${suffix}`,
});

const apiPolicy = (one: StatementJson): Edit =>
  statements(rolePolicy, "api-function/role-policy", added(one));

const onlyFor = (Condition: StatementJson["Condition"]): Edit =>
  statements(
    "aws_sqs_queue_policy",
    "failed",
    added({
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:role/operator" },
      Action: "sqs:ReceiveMessage",
      Resource: "${aws_sqs_queue.failed.arn}",
      ...(Condition && { Condition }),
    }),
  );

/** A FIFO topic with a subscription. */
const orderedTopic = (protocol: string, endpoint: string): Edit =>
  both(
    add("aws_sns_topic", "ordered", { name: "ordered.fifo", fifo_topic: true }),
    add("aws_sns_topic_policy", "ordered", {
      arn: "${aws_sns_topic.ordered.arn}",
      policy: json({
        Version: "2012-10-17",
        Statement: {
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: "${aws_sns_topic.ordered.arn}",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      }),
    }),
    add("aws_sns_topic_subscription", "ordered", {
      topic_arn: "${aws_sns_topic.ordered.arn}",
      protocol,
      endpoint,
      redrive_policy: json({ deadLetterTargetArn: "arn:aws:sqs:eu-west-1:210987654321:failed" }),
    }),
  );

const integration = (attributes: Readonly<Record<string, unknown>>): Edit =>
  add("aws_api_gateway_integration", "queue", {
    rest_api_id: "${data.aws_api_gateway_rest_api.other.id}",
    resource_id: "a1b2c3",
    http_method: "POST",
    type: "AWS",
    integration_http_method: "POST",
    uri: "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/${aws_sqs_queue.dead-letter-queue_9C8F6649.name}",
    ...attributes,
  });

/** A notification of another team's bucket, from which the queue accepts messages. */
const notification = (attributes: Readonly<Record<string, unknown>>): Edit =>
  both(
    statements(
      "aws_sqs_queue_policy",
      "jobs",
      added({
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: "${aws_sqs_queue.jobs.arn}",
        Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::reports" } },
      }),
    ),
    add("aws_s3_bucket_notification", "reports", {
      bucket: "reports",
      queue: [{ queue_arn: "${aws_sqs_queue.jobs.arn}", events: ["s3:ObjectCreated:*"] }],
      ...attributes,
    }),
  );

const ownLog = (group: string): Edit =>
  both(
    add("aws_lambda_permission", "logs", {
      action: "lambda:InvokeFunction",
      function_name: "${aws_lambda_function.worker.function_name}",
      principal: "logs.amazonaws.com",
      source_arn: "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/*:*",
    }),
    add("aws_cloudwatch_log_subscription_filter", "lines", {
      name: "lines",
      log_group_name: group,
      filter_pattern: "",
      destination_arn: "${aws_lambda_function.worker.arn}",
    }),
  );

const exclusive = (...names: readonly string[]): Edit =>
  both(
    role("lambda.amazonaws.com", { Action: "sqs:SendMessage", Resource: "${aws_sqs_queue.failed.arn}" }),
    add("aws_iam_role_policies_exclusive", "sender", {
      role_name: "${aws_iam_role.sender.name}",
      policy_names: names,
    }),
  );

/** Faults in what policies let callers and services do. */
export const accessFaults: readonly Fault[] = [
  worker(
    "deliveries-policy",
    "a queue that lets no topic send",
    statements("aws_sqs_queue_policy", "jobs", ([deny]) => (deny ? [deny] : [])),
  ),
  worker(
    "deliveries-policy",
    "a queue that lets another rule send its dead letters",
    statement("aws_sqs_queue_policy", "failed", 2, {
      Condition: { ArnEquals: { "aws:SourceArn": "${aws_cloudwatch_event_rule.nightly.arn}" } },
    }),
  ),
  worker(
    "deliveries-role",
    "a schedule that may call the function, but not its alias",
    schedule("${aws_lambda_function.worker.arn}"),
    schedule("${aws_lambda_alias.live.arn}"),
  ),
  worker(
    "deliveries-role",
    "a rule that sends to a bus without a role",
    target({ arn: "${aws_cloudwatch_event_bus.orders.arn}" }),
    both(
      role("events.amazonaws.com", {
        Action: "events:PutEvents",
        Resource: "${aws_cloudwatch_event_bus.orders.arn}",
      }),
      target({
        arn: "${aws_cloudwatch_event_bus.orders.arn}",
        role_arn: "${aws_iam_role.sender.arn}",
      }),
    ),
  ),
  worker("deliveries-key", "a key that SNS cannot use", queueKey(), queueKey("sns.amazonaws.com")),
  worker(
    "deliveries-key",
    "a queue with the key that AWS manages",
    set("aws_sqs_queue", "jobs", "kms_master_key_id", "alias/aws/sqs"),
    queueKey("sns.amazonaws.com"),
  ),
  worker(
    "deliveries-kind",
    "a FIFO topic with a subscription by e-mail",
    orderedTopic("email", "ops@example.com"),
    orderedTopic("sqs", "arn:aws:sqs:eu-west-1:210987654321:of-another-team"),
  ),
  prod(
    "deliveries-integration",
    "an integration with a queue without a role",
    integration({}),
    both(
      role("apigateway.amazonaws.com", {
        Action: "sqs:SendMessage",
        Resource: "${aws_sqs_queue.dead-letter-queue_9C8F6649.arn}",
      }),
      set("aws_iam_role", "sender", "name", "sender-prod"),
      integration({ credentials: "${aws_iam_role.sender.arn}" }),
    ),
  ),
  worker(
    "deliveries-waits",
    "a bucket's notification that does not wait for the queue's policy",
    notification({}),
    notification({ depends_on: ["aws_sqs_queue_policy.jobs"] }),
  ),
  worker(
    "deliveries-loop",
    "a function that is invoked by its own log",
    ownLog("${aws_cloudwatch_log_group.worker.name}"),
    ownLog("/aws/lambda/another"),
  ),
  worker(
    "deliveries-bucket-events",
    "a rule on a service's events on a bus of its own",
    set("aws_cloudwatch_event_rule", "placed", "event_pattern", json({ source: ["aws.s3"] })),
    set("aws_cloudwatch_event_rule", "placed", "event_pattern", json({ source: ["shop"] })),
  ),
  prod(
    "lambda-mapping-permission",
    "a function that reads a table's stream without the table's key",
    statements(rolePolicy, "stream-function/role-policy", without("ItemsTableKey")),
  ),
  prod(
    "lambda-variables-usable",
    "a function that may not use the table that it is given",
    statements(rolePolicy, "api-function/role-policy", without("ItemsTable")),
  ),
  prod(
    "lambda-variables-key",
    "a function that cannot decrypt its variables",
    statements(rolePolicy, "api-function/role-policy", without("OwnVariables")),
  ),
  prod(
    "dynamodb-key-usable",
    "a role for a table without the table's key",
    statements(rolePolicy, "api-function/role-policy", without("ItemsTableKey")),
  ),
  worker(
    "iam-condition-value",
    "a pattern that is compared literally",
    onlyFor({ StringEquals: { "aws:SourceVpce": "vpce-*" } }),
    onlyFor({ StringLike: { "aws:SourceVpce": "vpce-*" } }),
  ),
  worker(
    "iam-condition-value",
    "a number where true or false is compared",
    onlyFor({ Bool: { "aws:ViaAWSService": "1" } }),
    onlyFor({ Bool: { "aws:ViaAWSService": "false" } }),
  ),
  prod(
    "iam-resource-type",
    "a grant to read a table's stream on the table",
    apiPolicy(onTable("", "dynamodb:GetRecords")),
    apiPolicy(onTable("/stream/*", "dynamodb:GetRecords")),
  ),
  prod(
    "iam-index-exists",
    "a grant on an index that the table does not have",
    apiPolicy(onTable("/index/by-ownr", "dynamodb:Query")),
    both(
      apiPolicy(onTable("/index/by-owner", "dynamodb:Query")),
      set("aws_dynamodb_table", "table", "global_secondary_index", [
        { name: "by-owner", hash_key: "id", projection_type: "ALL" },
      ]),
    ),
  ),
  worker(
    "iam-exclusive-lists-all",
    "an exclusive list that lacks a policy of the role",
    exclusive("other"),
    exclusive("other", "sender"),
  ),
  worker(
    "iam-no-self-escalation",
    "a role that can change its own policies",
    both(
      role("lambda.amazonaws.com", {
        Action: "iam:PutRolePolicy",
        Resource: "${aws_iam_role.sender.arn}",
      }),
    ),
    role("lambda.amazonaws.com", {
      Action: "iam:PutRolePolicy",
      Resource: "arn:aws:iam::123456789012:role/another",
    }),
  ),
];
