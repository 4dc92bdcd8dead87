import { DeadLetterQueue } from "../../constructs/dead-letter-queue";
import { ItemsTable } from "../../constructs/items-table";
import { TableStreamMapping, type TableStreamMappingProps } from "../../constructs/table-stream-mapping";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";

const mapped = (changes: Partial<TableStreamMappingProps> = {}) =>
  synthesizeStack((stack) => {
    new TableStreamMapping(stack, "mapping", {
      table: new ItemsTable(stack, "table", { name: "items", deletionProtection: false }),
      function: serviceFunction(stack),
      deadLetterQueue: new DeadLetterQueue(stack, "failed", { name: "failed" }),
      ...changes,
    });
  });

describe("TableStreamMapping", () => {
  it("calls the function's alias with the table's changes, starting with the oldest", () => {
    const stack = mapped();

    const mapping = stack.only("aws_lambda_event_source_mapping");

    expect(mapping.attributes).toMatchObject({
      event_source_arn: stack.only("aws_dynamodb_table").ref("stream_arn"),
      function_name: stack.only("aws_lambda_alias").ref("arn"),
      starting_position: "TRIM_HORIZON",
    });
  });

  it("reports partial failures, halves failing batches, and sends them to the dead-letter queue after bounded retries", () => {
    const stack = mapped();

    const mapping = stack.only("aws_lambda_event_source_mapping");

    expect(mapping.attributes).toMatchObject({
      batch_size: 100,
      maximum_batching_window_in_seconds: 1,
      function_response_types: ["ReportBatchItemFailures"],
      bisect_batch_on_function_error: true,
      maximum_retry_attempts: 5,
      maximum_record_age_in_seconds: 21_600,
      destination_config: {
        on_failure: { destination_arn: stack.at("aws_sqs_queue", "failed/queue").ref("arn") },
      },
    });
  });

  it("waits for permission to read the stream, which covers this table's stream only", () => {
    const stack = mapped();

    const policy = stack.only("aws_iam_role_policy");

    expect(stack.only("aws_lambda_event_source_mapping").attributes.depends_on).toEqual([policy.address]);
    expect(policy.parsed("policy")).toMatchObject({
      Statement: expect.arrayContaining([
        {
          Sid: "ItemsStream",
          Effect: "Allow",
          Action: [
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
          ],
          Resource: `${stack.only("aws_dynamodb_table").ref("arn")}/stream/*`,
        },
      ]),
    });
  });

  it("skips records that match no pattern", () => {
    const stack = mapped({ filterPatterns: [{ eventName: ["INSERT"] }] });

    const mapping = stack.only("aws_lambda_event_source_mapping");

    expect(mapping.attributes.filter_criteria).toEqual({ filter: [{ pattern: '{"eventName":["INSERT"]}' }] });
  });

  it("reports every number that Lambda would refuse, all at once", () => {
    const wrong = {
      batchSize: 0,
      batchingWindowSeconds: 301,
      maximumRetryAttempts: -1,
      maximumRecordAgeSeconds: 86_401,
    };

    expect(() => mapped(wrong)).toThrow(
      [
        "test-stack/mapping: batchSize must be between 1 and 1000, got 0",
        "test-stack/mapping: batchingWindowSeconds must be between 0 and 300, got 301",
        "test-stack/mapping: maximumRetryAttempts must be between 0 and 10000, got -1",
        "test-stack/mapping: maximumRecordAgeSeconds must be between 60 and 86400, got 86401",
      ].join("\n"),
    );
  });
});
