import { roleMay } from "../policy";
import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";
import { aliasesOf } from "./lambda";

type SourceKind = "dynamodb" | "kinesis" | "sqs";

/** What a mapping reads, as far as its ARN or its reference tells. */
function kindOf(mapping: Resource): SourceKind | undefined {
  const source = mapping.follow(
    "event_source_arn",
    "aws_dynamodb_table",
    "aws_kinesis_stream",
    "aws_sqs_queue",
  );
  const types = {
    aws_dynamodb_table: "dynamodb",
    aws_kinesis_stream: "kinesis",
    aws_sqs_queue: "sqs",
  } as const;
  if (source) return types[source.type as keyof typeof types];
  const service = `${mapping.value("event_source_arn")}`.split(":")[2];
  return service === "dynamodb" || service === "kinesis" || service === "sqs" ? service : undefined;
}

const isStream = (mapping: Resource): boolean => ["dynamodb", "kinesis"].includes(kindOf(mapping) ?? "");

const mapping = "aws_lambda_event_source_mapping";

export const eventSourceRules: readonly Rule[] = [
  {
    id: "lambda-stream-failure-destination",
    group: "lambda",
    demands: "A mapping of a stream has an on-failure destination",
    why: "Records that fail for good are skipped without a trace: a function's dead-letter queue serves asynchronous events only.",
    fix: "Set destinationConfig: { onFailure: { destinationArn: <queue's ARN> } }.",
    mirrors: ["cfn-lint-serverless ES1001"],
    check: each(
      mapping,
      (one) =>
        isStream(one) &&
        !one.has("destination_config.on_failure.destination_arn") &&
        "destination_config.on_failure is absent",
    ),
  },
  {
    id: "lambda-stream-bounded-retries",
    group: "lambda",
    demands: "A mapping of a stream bounds its retries",
    why: "By default one bad record is tried until it expires, and blocks its shard for up to 24 hours.",
    fix: "Set maximumRetryAttempts, for example to 5.",
    mirrors: [],
    check: each(mapping, (one) => {
      const attempts = one.number("maximum_retry_attempts");
      const endless = !one.has("maximum_retry_attempts") || attempts === -1;
      return isStream(one) && endless && `maximum_retry_attempts is ${attempts ?? "absent"}`;
    }),
  },
  {
    id: "lambda-stream-bounded-age",
    group: "lambda",
    demands: "A mapping of a stream bounds the age of records",
    why: "By default records are tried until the stream drops them, and then nothing tells what was lost.",
    fix: "Set maximumRecordAgeInSeconds below the stream's retention, 86,400 for DynamoDB.",
    mirrors: [],
    check: each(mapping, (one) => {
      const age = one.number("maximum_record_age_in_seconds");
      if (!isStream(one) || (one.has("maximum_record_age_in_seconds") && age === undefined)) return undefined;
      if (age === undefined || age === -1) return `maximum_record_age_in_seconds is ${age ?? "absent"}`;
      return (
        kindOf(one) === "dynamodb" && age >= 86_400 && `it is ${age}, and the stream keeps 86,400 seconds`
      );
    }),
  },
  {
    id: "lambda-stream-bisect",
    group: "lambda",
    demands: "A mapping of a stream halves a batch that fails",
    why: "Otherwise one bad record takes its whole batch with it.",
    fix: "Set bisectBatchOnFunctionError: true.",
    mirrors: [],
    check: each(mapping, (one) => {
      const singles = one.number("batch_size") === 1;
      return (
        isStream(one) &&
        !singles &&
        !one.isTrue("bisect_batch_on_function_error") &&
        "bisect_batch_on_function_error is not true"
      );
    }),
  },
  {
    id: "lambda-stream-starting-position",
    group: "lambda",
    demands: "A mapping of a stream says where it starts, and not LATEST",
    why: "LATEST skips what is written while the mapping is made or made anew; without a position AWS refuses the mapping.",
    fix: 'Set startingPosition: "TRIM_HORIZON".',
    mirrors: [],
    check: each(mapping, (one) => {
      const position = one.value("starting_position");
      if (!isStream(one))
        return position !== undefined && kindOf(one) === "sqs" && "a queue has no starting_position";
      return (
        (position === undefined || position === "LATEST") && `starting_position is ${position ?? "absent"}`
      );
    }),
  },
  {
    id: "lambda-batch-size",
    group: "lambda",
    demands:
      "A mapping's batch is one that its source gives: 10,000 at most, 10 of a FIFO queue, and above 10 of a queue a batching window",
    why: "AWS refuses the mapping at apply.",
    fix: "Lower batchSize, or set maximumBatchingWindowInSeconds to at least 1.",
    mirrors: [],
    check: each(mapping, (one) => {
      const size = one.number("batch_size");
      if (size === undefined) return undefined;
      if (size < 1 || size > 10_000) return `batch_size is ${size}`;
      if (kindOf(one) !== "sqs" || size <= 10) return undefined;
      const fifo = one.follow("event_source_arn", "aws_sqs_queue")?.isTrue("fifo_queue");
      if (fifo) return `batch_size is ${size}, of a FIFO queue`;
      return (
        !one.number("maximum_batching_window_in_seconds") &&
        `batch_size is ${size}, without a batching window`
      );
    }),
  },
  {
    id: "lambda-partial-failures",
    group: "lambda",
    demands: "A mapping lets its function report which records of a batch failed",
    why: "Otherwise one failure makes the whole batch come again, and what succeeded is done twice.",
    fix: 'Set functionResponseTypes: ["ReportBatchItemFailures"], and return batchItemFailures.',
    mirrors: [],
    check: each(
      mapping,
      (one) =>
        kindOf(one) &&
        one.number("batch_size") !== 1 &&
        !one.texts("function_response_types").includes("ReportBatchItemFailures") &&
        "function_response_types lacks ReportBatchItemFailures",
    ),
  },
  {
    id: "lambda-mapping-alias",
    group: "lambda",
    demands: "A mapping calls the alias where the function has one",
    why: "Otherwise it calls $LATEST, and a release or a way back by the alias does not reach it.",
    fix: "Set functionName to the alias's ARN.",
    mirrors: [],
    check: each(mapping, (one) => {
      const lambda = one.follow("function_name", "aws_lambda_function");
      if (!lambda || aliasesOf(lambda).length === 0 || one.follow("function_name", "aws_lambda_alias"))
        return undefined;
      return `function_name leads to ${lambda.path} itself`;
    }),
  },
  {
    id: "lambda-mapping-permission",
    group: "lambda",
    demands: "A function's role may read what is mapped to it",
    why: "AWS refuses the mapping at apply: “Cannot access stream” or “does not have permissions to call ReceiveMessage”.",
    fix: "Allow the stream's GetRecords, GetShardIterator, DescribeStream and ListStreams, or the queue's ReceiveMessage, DeleteMessage and GetQueueAttributes.",
    mirrors: [],
    check: each(mapping, (one) => {
      const source = one.follow(
        "event_source_arn",
        "aws_dynamodb_table",
        "aws_kinesis_stream",
        "aws_sqs_queue",
      );
      const role = one.follow("function_name", "aws_lambda_function")?.follow("role", "aws_iam_role");
      const kind = kindOf(one);
      if (!source || !role || !kind) return undefined;
      const missing = readActions[kind].filter((action) => roleMay(role, action, source) === false);
      return missing.length > 0 && `role ${role.path} may not ${missing.join(", ")} on ${source.path}`;
    }),
  },
  {
    id: "dynamodb-stream-for-mapping",
    group: "dynamodb",
    demands: "A table whose stream is mapped has its stream enabled",
    why: "Its stream_arn is empty, and AWS refuses the mapping at apply.",
    fix: "Set streamEnabled: true and streamViewType on the table.",
    mirrors: [],
    check: each(mapping, (one) => {
      const table = one.follow("event_source_arn", "aws_dynamodb_table");
      return (
        table &&
        !table.isTrue("stream_enabled") &&
        `${table.path} has stream_enabled ${table.text("stream_enabled") ?? "absent"}`
      );
    }),
  },
  {
    id: "dynamodb-stream-images",
    group: "dynamodb",
    demands: "A stream that a function reads holds images, not keys alone",
    why: "KEYS_ONLY tells that something changed but not what: the function has to read the table, which may have changed again.",
    fix: 'Set streamViewType: "NEW_AND_OLD_IMAGES".',
    mirrors: [],
    check: each(mapping, (one) => {
      const table = one.follow("event_source_arn", "aws_dynamodb_table");
      return (
        table?.value("stream_view_type") === "KEYS_ONLY" && `${table.path} has stream_view_type KEYS_ONLY`
      );
    }),
  },
  {
    id: "sqs-visibility-timeout",
    group: "sqs",
    demands: "A queue hides a message at least as long as the function that reads it may run",
    why: "AWS refuses the mapping at apply: “Queue visibility timeout is less than Function timeout”.",
    fix: "Set visibilityTimeoutSeconds to six times the function's timeout.",
    mirrors: [],
    check: each(mapping, (one) => {
      const queue = one.follow("event_source_arn", "aws_sqs_queue");
      const lambda = one.follow("function_name", "aws_lambda_function");
      if (!queue || !lambda) return undefined;
      const visibility = queue.number("visibility_timeout_seconds") ?? 30;
      const timeout = lambda.number("timeout") ?? 3;
      return (
        visibility < timeout &&
        `${queue.path} hides it ${visibility} seconds, the function may run ${timeout}`
      );
    }),
  },
  {
    id: "sqs-redrive",
    group: "sqs",
    demands: "A queue that a function reads has a redrive policy",
    why: "A message that fails comes again and again until it expires, and then is gone.",
    fix: "Set redrivePolicy to JSON with deadLetterTargetArn and maxReceiveCount, 5 for a function.",
    mirrors: ["AwsSolutions-SQS3", "cfn-lint-serverless ES6000"],
    check: each(mapping, (one) => {
      const queue = one.follow("event_source_arn", "aws_sqs_queue");
      if (!queue || queue.has("redrive_policy")) return undefined;
      return (
        queue.stack.pointingAt(queue, "aws_sqs_queue_redrive_policy", "queue_url").length === 0 &&
        `${queue.path} has no redrive_policy`
      );
    }),
  },
];

const readActions: Readonly<Record<SourceKind, readonly string[]>> = {
  dynamodb: ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"],
  kinesis: ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"],
  sqs: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
};
