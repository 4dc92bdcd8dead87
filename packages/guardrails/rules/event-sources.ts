import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";
import { kindOf } from "./event-source-kind";
import { aliasesOf } from "./lambda";

const isStream = (mapping: Resource): boolean => ["dynamodb", "kinesis"].includes(kindOf(mapping) ?? "");

const mapping = "aws_lambda_event_source_mapping";

export const eventSourceRules: readonly Rule[] = [
  {
    id: "lambda-stream-failure-destination",
    group: "lambda",
    demands: "A stream mapping has an on-failure destination",
    why: "Records that run out of retries are dropped without a trace. A function's dead-letter queue only receives asynchronous events.",
    fix: "Set destinationConfig: { onFailure: { destinationArn: queue.arn } }.",
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
    demands: "A stream mapping limits its retries",
    why: "By default one bad record is retried until it expires, and blocks its shard for up to 24 hours.",
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
    demands: "A stream mapping limits the age of records",
    why: "By default records are retried until the stream drops them, and nothing records what was lost.",
    fix: "Set maximumRecordAgeInSeconds below the stream's retention (86,400 for DynamoDB).",
    mirrors: [],
    check: each(mapping, (one) => {
      const age = one.number("maximum_record_age_in_seconds");
      if (!isStream(one) || (one.has("maximum_record_age_in_seconds") && age === undefined)) return undefined;
      if (age === undefined || age === -1) return `maximum_record_age_in_seconds is ${age ?? "absent"}`;
      return (
        kindOf(one) === "dynamodb" &&
        age >= 86_400 &&
        `maximum_record_age_in_seconds is ${age}, but the stream keeps records for only 86,400 seconds`
      );
    }),
  },
  {
    id: "lambda-stream-bisect",
    group: "lambda",
    demands: "A stream mapping splits a batch that fails",
    why: "Otherwise one bad record fails its whole batch.",
    fix: "Set bisectBatchOnFunctionError: true.",
    mirrors: [],
    check: each(mapping, (one) => {
      const singles = one.number("batch_size") === 1;
      return (
        isStream(one) &&
        !singles &&
        !one.mayBeTrue("bisect_batch_on_function_error") &&
        "bisect_batch_on_function_error is not true"
      );
    }),
  },
  {
    id: "lambda-stream-starting-position",
    group: "lambda",
    demands: "A stream mapping sets its starting position, and not to LATEST",
    why: "LATEST skips records that are written while the mapping is created or replaced. Without a position AWS rejects the mapping.",
    fix: 'Set startingPosition: "TRIM_HORIZON".',
    mirrors: [],
    check: each(mapping, (one) => {
      const position = one.value("starting_position");
      if (!isStream(one))
        return (
          position !== undefined && kindOf(one) === "sqs" && "starting_position is set, but a queue has none"
        );
      return (
        (position === undefined || position === "LATEST") && `starting_position is ${position ?? "absent"}`
      );
    }),
  },
  {
    id: "lambda-batch-size",
    group: "lambda",
    demands:
      "A mapping's batch size is at most 10,000, or 10 for a FIFO queue; above 10, a standard queue also needs a batching window",
    why: "AWS rejects the mapping at apply.",
    fix: "Lower batchSize, or set maximumBatchingWindowInSeconds to at least 1.",
    mirrors: [],
    check: each(mapping, (one) => {
      const size = one.number("batch_size");
      if (size === undefined) return undefined;
      if (size < 1 || size > 10_000) return `batch_size is ${size}`;
      if (kindOf(one) !== "sqs" || size <= 10) return undefined;
      const fifo = one.follow("event_source_arn", "aws_sqs_queue")?.isTrue("fifo_queue");
      if (fifo) return `batch_size is ${size}, but the queue is FIFO`;
      return (
        !one.number("maximum_batching_window_in_seconds") &&
        `batch_size is ${size}, but there is no batching window`
      );
    }),
  },
  {
    id: "lambda-partial-failures",
    group: "lambda",
    demands: "A mapping accepts partial batch failures",
    why: "Otherwise one failure retries the whole batch, and records that succeeded are processed twice.",
    fix: 'Set functionResponseTypes: ["ReportBatchItemFailures"], and return batchItemFailures from the handler.',
    mirrors: [],
    check: each(
      mapping,
      (one) =>
        kindOf(one) &&
        one.number("batch_size") !== 1 &&
        !one.isUnknown("function_response_types") &&
        !one.texts("function_response_types").includes("ReportBatchItemFailures") &&
        "function_response_types lacks ReportBatchItemFailures",
    ),
  },
  {
    id: "lambda-mapping-alias",
    group: "lambda",
    demands: "A mapping calls the function's alias if it has one",
    why: "Otherwise it calls $LATEST, and a release or rollback through the alias does not affect it.",
    fix: "Set functionName to the ARN of the alias.",
    mirrors: [],
    check: each(mapping, (one) => {
      const lambda = one.follow("function_name", "aws_lambda_function");
      if (!lambda || aliasesOf(lambda).length === 0 || one.follow("function_name", "aws_lambda_alias"))
        return undefined;
      return `function_name is ${lambda.path} itself, not its alias`;
    }),
  },
];
