import { type Attributes, add, both, type Edit } from "../edit";
import type { Legitimate } from "./legitimate";
import { alarm, fn, queue } from "./parts";

const reads = (Action: readonly string[], Resource: string) => ({ Effect: "Allow", Action, Resource });

/** A function that reads a source. */
const consumer = (mapping: Attributes, ...statements: readonly object[]): Edit =>
  both(
    fn("consumer", {}, ...statements),
    add("aws_lambda_event_source_mapping", "consumer", {
      function_name: "${aws_lambda_function.consumer.arn}",
      function_response_types: ["ReportBatchItemFailures"],
      ...mapping,
    }),
  );

const sqsReads = (id: string) =>
  reads(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], `\${aws_sqs_queue.${id}.arn}`);

const source = (id: string, changes: Attributes = {}): Edit =>
  queue(id, {
    visibility_timeout_seconds: 60,
    redrive_policy:
      '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.failed.arn, "maxReceiveCount" = 5})}',
    ...changes,
  });

const streamAge = alarm("age", {
  namespace: "AWS/Lambda",
  metric_name: "IteratorAge",
  dimensions: { FunctionName: "${aws_lambda_function.consumer.function_name}" },
});

const streamSettings = {
  starting_position: "TRIM_HORIZON",
  maximum_retry_attempts: 5,
  maximum_record_age_in_seconds: 3_600,
  bisect_batch_on_function_error: true,
  destination_config: { on_failure: { destination_arn: "${aws_sqs_queue.failed.arn}" } },
};

/** Functions that read Kinesis, Kafka and queues, with the settings of each. */
export const consumerVariants: readonly Legitimate[] = [
  {
    variant: "a consumer of Kinesis with enhanced fan-out",
    parts: both(
      add("aws_kinesis_stream", "orders", { name: "orders" }),
      add("aws_kinesis_stream_consumer", "orders", {
        name: "orders",
        stream_arn: "${aws_kinesis_stream.orders.arn}",
      }),
      consumer(
        {
          ...streamSettings,
          event_source_arn: "${aws_kinesis_stream_consumer.orders.arn}",
          parallelization_factor: 10,
          tumbling_window_in_seconds: 900,
        },
        reads(
          [
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:ListShards",
          ],
          "${aws_kinesis_stream.orders.arn}",
        ),
        reads(["kinesis:SubscribeToShard"], "${aws_kinesis_stream_consumer.orders.arn}"),
      ),
      streamAge,
    ),
  },
  {
    variant: "a consumer of another account's Kinesis from a point in time",
    parts: both(
      consumer({
        ...streamSettings,
        event_source_arn: "arn:aws:kinesis:eu-west-1:210987654321:stream/orders",
        starting_position: "AT_TIMESTAMP",
        starting_position_timestamp: "2026-01-01T00:00:00Z",
      }),
    ),
  },
  {
    variant: "a consumer of MSK",
    parts: consumer({
      event_source_arn: "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/abc",
      topics: ["orders"],
      starting_position: "TRIM_HORIZON",
      function_response_types: undefined,
    }),
  },
  {
    variant: "a consumer of a Kafka of one's own",
    parts: consumer({
      self_managed_event_source: { endpoints: { KAFKA_BOOTSTRAP_SERVERS: "kafka.example.com:9092" } },
      topics: ["orders"],
      starting_position: "LATEST",
      source_access_configuration: [{ type: "SASL_SCRAM_512_AUTH", uri: "${var.secret_arn}" }],
      function_response_types: undefined,
    }),
  },
  {
    variant: "a consumer of a FIFO queue, ten at a time, without a window",
    parts: both(
      queue("failed-fifo", { name: "failed.fifo", fifo_queue: true, message_retention_seconds: 1_209_600 }),
      alarm("failed-fifo", {
        namespace: "AWS/SQS",
        metric_name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "${aws_sqs_queue.failed-fifo.name}" },
      }),
      source("orders", {
        name: "orders.fifo",
        fifo_queue: true,
        redrive_policy:
          '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.failed-fifo.arn, "maxReceiveCount" = 5})}',
      }),
      consumer({ event_source_arn: "${aws_sqs_queue.orders.arn}", batch_size: 10 }, sqsReads("orders")),
    ),
  },
  {
    variant: "a consumer of a queue, 10,000 at a time within five seconds",
    parts: both(
      source("orders"),
      consumer(
        {
          event_source_arn: "${aws_sqs_queue.orders.arn}",
          batch_size: 10_000,
          maximum_batching_window_in_seconds: 5,
        },
        sqsReads("orders"),
      ),
    ),
  },
  {
    variant: "a consumer of a queue that filters its messages",
    parts: both(
      source("orders"),
      consumer(
        {
          event_source_arn: "${aws_sqs_queue.orders.arn}",
          filter_criteria: {
            filter: [
              {
                pattern: JSON.stringify({
                  body: { kind: ["placed", { prefix: "re" }], total: [{ numeric: [">", 5] }] },
                }),
              },
              { pattern: "${var.pattern}" },
            ],
          },
        },
        sqsReads("orders"),
      ),
    ),
  },
  {
    variant: "a consumer of a table's stream that filters numbers by their text",
    parts: both(
      consumer(
        {
          ...streamSettings,
          event_source_arn:
            "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000",
          filter_criteria: {
            filter: [
              {
                pattern: JSON.stringify({
                  eventName: ["INSERT"],
                  dynamodb: { NewImage: { total: { N: ["5"] }, state: { S: [{ "anything-but": ["x"] }] } } },
                }),
              },
            ],
          },
        },
        reads(
          [
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:DescribeStream",
            "dynamodb:ListStreams",
          ],
          "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/*",
        ),
      ),
    ),
  },
  {
    variant: "a consumer of another team's queue",
    parts: consumer(
      { event_source_arn: "${var.queue_arn}", batch_size: 10 },
      reads(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], "${var.queue_arn}"),
    ),
  },
  {
    variant: "a mapping that is switched off",
    parts: both(
      source("orders"),
      consumer({ event_source_arn: "${aws_sqs_queue.orders.arn}", enabled: false }, sqsReads("orders")),
    ),
  },
];
