import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { ItemsTable } from "./items-table";
import type { ServiceFunction } from "./service-function";
import { validateProps } from "./validation";

export interface TableStreamMappingProps {
  readonly table: ItemsTable;
  readonly function: ServiceFunction;
  /** Receives the range of a batch that failed for good: shard and sequence numbers, not the records. */
  readonly deadLetterQueue: DeadLetterQueue;
  /** Event patterns. A record that matches none of them is skipped. @default no record is skipped */
  readonly filterPatterns?: readonly object[];
  /** Records per invocation, 1 to 1,000. @default 100 */
  readonly batchSize?: number;
  /** How long Lambda collects records for a batch, 0 to 300 seconds. @default 1 */
  readonly batchingWindowSeconds?: number;
  /** How many times a failed batch is retried, 0 to 10,000. @default 5 */
  readonly maximumRetryAttempts?: number;
  /** Age up to which a record is retried, 60 to 86,400 seconds, which is how long the stream keeps it. @default 21_600 */
  readonly maximumRecordAgeSeconds?: number;
}

/**
 * Lambda's event source mapping for a table's stream. It calls the function's alias with batches, starting at the oldest
 * record, in order per item. A batch that fails is halved until the bad record is alone. That record is retried up to the
 * limits above. Then its position in the stream goes to the dead-letter queue, so it does not block later records forever.
 */
export class TableStreamMapping extends Construct {
  constructor(scope: Construct, id: string, props: TableStreamMappingProps) {
    super(scope, id);
    const {
      filterPatterns = [],
      batchSize = 100,
      batchingWindowSeconds = 1,
      maximumRetryAttempts = 5,
      maximumRecordAgeSeconds = 21_600,
    } = props;
    validateProps(this, {
      batchSize: { value: batchSize, minimum: 1, maximum: 1_000 },
      batchingWindowSeconds: { value: batchingWindowSeconds, minimum: 0, maximum: 300 },
      maximumRetryAttempts: { value: maximumRetryAttempts, minimum: 0, maximum: 10_000 },
      maximumRecordAgeSeconds: { value: maximumRecordAgeSeconds, minimum: 60, maximum: 86_400 },
    });
    const permissions = props.table.grantStreamRead(props.function);
    const mapping = new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: props.table.streamArn,
      functionName: props.function.aliasArn,
      startingPosition: "TRIM_HORIZON",
      batchSize,
      maximumBatchingWindowInSeconds: batchingWindowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts,
      maximumRecordAgeInSeconds: maximumRecordAgeSeconds,
      destinationConfig: { onFailure: { destinationArn: props.deadLetterQueue.arn } },
      ...(filterPatterns.length > 0 && {
        filterCriteria: { filter: filterPatterns.map((pattern) => ({ pattern: JSON.stringify(pattern) })) },
      }),
      // Lambda refuses a mapping whose function cannot read the stream.
      dependsOn: [permissions],
    });
    promise(mapping, "no change of an item is lost, and none is delivered to another function", [
      "event_source_arn",
      "function_name",
      "starting_position",
      "batch_size",
      "maximum_batching_window_in_seconds",
      "function_response_types",
      "bisect_batch_on_function_error",
      "maximum_retry_attempts",
      "maximum_record_age_in_seconds",
      "destination_config",
      "filter_criteria",
      "enabled",
    ]);
  }
}
