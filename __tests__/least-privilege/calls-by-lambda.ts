import { logGroupOf } from "../../packages/guardrails/rules/log-group";
import type { Resource } from "../../packages/guardrails/stack-view";
import type { AwsCall } from "./aws-call";
import { type ConcreteStack, nameOf } from "./concrete-stack";

/** Calls that Lambda makes with a function's role because of the function's configuration, and where that is documented. */
interface LambdaCalls {
  readonly actions: readonly string[];
  readonly source: string;
  /** The resources, and the conditions of the call. None if the function is not configured that way. */
  readonly to: (lambda: Resource, stack: ConcreteStack) => readonly Omit<AwsCall, "action">[];
}

const table: readonly LambdaCalls[] = [
  {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    source: "AWS managed policy AWSLambdaBasicExecutionRole, without CreateLogGroup: the group exists",
    to: (lambda, stack) => {
      const group = logGroupOf(lambda);
      return group ? [about(group, stack, ":log-stream:2026/01/31/[1]0123456789abcdef")] : [];
    },
  },
  {
    actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    source: 'Lambda\'s developer guide, "Visualize Lambda function invocations using AWS X-Ray"',
    to: (lambda) => (lambda.value("tracing_config.mode") === "Active" ? [{ resource: "*", name: "" }] : []),
  },
  {
    actions: ["sqs:SendMessage"],
    source:
      'Lambda\'s developer guide, "Adding a dead-letter queue", and "Retain discarded records for a DynamoDB event source"',
    to: (lambda, stack) => deadLetterQueuesOf(lambda).map((queue) => about(queue, stack)),
  },
  {
    actions: ["sqs:GetQueueAttributes"],
    source: "The project's requirements: whoever can send to the queue can look up that it exists",
    to: (lambda, stack) => deadLetterQueuesOf(lambda).map((queue) => about(queue, stack)),
  },
  {
    actions: ["kms:GenerateDataKey", "kms:Decrypt"],
    source:
      "SQS's developer guide, \"Key management\": the permissions that a producer needs on a queue's key",
    to: (lambda, stack) =>
      deadLetterQueuesOf(lambda).flatMap((queue) =>
        keyOf(queue, "kms_master_key_id", stack, { "kms:viaservice": `sqs.${stack.region}.amazonaws.com` }),
      ),
  },
  {
    actions: [
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
      "dynamodb:ListStreams",
    ],
    source:
      'AWS managed policy AWSLambdaDynamoDBExecutionRole; if one is missing, the error of Lambda ends in "… on your stream"',
    to: (lambda, stack) =>
      mappingsOf(lambda).flatMap((mapping) => {
        const source = mapping.follow("event_source_arn", "aws_dynamodb_table");
        const streamArn = stack.text(mapping.raw("event_source_arn"));
        return source ? [{ resource: streamArn, name: nameOf(source) }] : [];
      }),
  },
  {
    actions: ["kms:Decrypt"],
    source:
      'Lambda\'s developer guide, "Securing Lambda environment variables": with the role, when the function starts',
    to: (lambda, stack) =>
      keyOf(lambda, "kms_key_arn", stack, {
        "kms:encryptioncontext:aws:lambda:functionarn": stack.arnOf(lambda),
      }),
  },
  {
    actions: ["kms:Decrypt"],
    source:
      'DynamoDB\'s developer guide, "DynamoDB encryption at rest usage notes": for every reader, writer and poller',
    to: (lambda, stack) =>
      tablesOf(lambda).flatMap((items) =>
        keyOf(items, "server_side_encryption.kms_key_arn", stack, {
          "kms:viaservice": `dynamodb.${stack.region}.amazonaws.com`,
          "kms:encryptioncontext:aws:dynamodb:tablename": nameOf(items),
        }),
      ),
  },
];

/** Every call that Lambda, or a service on its behalf, makes with the function's role. */
export function callsByLambda(lambda: Resource, stack: ConcreteStack): readonly AwsCall[] {
  return table.flatMap(({ actions, to }) =>
    to(lambda, stack).flatMap((call) => actions.map((action) => ({ action, ...call }))),
  );
}

function about(resource: Resource, stack: ConcreteStack, part = ""): Omit<AwsCall, "action"> {
  return { resource: `${stack.arnOf(resource)}${part}`, name: nameOf(resource) };
}

function keyOf(
  resource: Resource,
  attribute: string,
  stack: ConcreteStack,
  context: Readonly<Record<string, string>>,
): readonly Omit<AwsCall, "action">[] {
  const key = resource.follow(attribute, "aws_kms_key");
  return key ? [{ ...about(key, stack), context }] : [];
}

function mappingsOf(lambda: Resource): readonly Resource[] {
  return lambda.stack.pointingAt(lambda, "aws_lambda_event_source_mapping", "function_name");
}

function deadLetterQueuesOf(lambda: Resource): readonly Resource[] {
  const queues = [
    lambda.follow("dead_letter_config.target_arn", "aws_sqs_queue"),
    ...mappingsOf(lambda).map((mapping) =>
      mapping.follow("destination_config.on_failure.destination_arn", "aws_sqs_queue"),
    ),
  ];
  return [...new Set(queues.filter((queue) => queue !== undefined))];
}

/** Tables in the function's environment variables, and tables whose streams are read for it. */
function tablesOf(lambda: Resource): readonly Resource[] {
  const tables = [
    lambda.follow("environment.variables", "aws_dynamodb_table"),
    ...mappingsOf(lambda).map((mapping) => mapping.follow("event_source_arn", "aws_dynamodb_table")),
  ];
  return [...new Set(tables.filter((one) => one !== undefined))];
}
