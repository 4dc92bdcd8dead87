import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { ItemsTable } from "./items-table";
import type { ServiceFunction } from "./service-function";
import { validateProps } from "./validation";

export interface TableStreamMappingProps {
  readonly table: ItemsTable;
  readonly function: ServiceFunction;
  /** Has the range of a batch that failed for good: shard and sequence numbers, not the records. */
  readonly deadLetterQueue: DeadLetterQueue;
  /** Event patterns of which a record must fit one, or it is left out. @default every record counts */
  readonly filterPatterns?: readonly object[];
  /** Records of one invocation, 1 to 1,000. @default 100 */
  readonly batchSize?: number;
  /** How long a batch is gathered, 0 to 300 seconds. @default 1 */
  readonly batchingWindowSeconds?: number;
  /** How often a batch that failed is tried again, 0 to 10,000. @default 5 */
  readonly maximumRetryAttempts?: number;
  /** How old a record may be to be tried again, 60 to 86,400 seconds, all that the stream keeps. @default 21_600 */
  readonly maximumRecordAgeSeconds?: number;
}

/**
 * Lambda's own reader of a table's stream: it calls the function's alias with batches, from the oldest record on, in
 * order by item. A batch that fails is halved until the record that does it is alone; that one is tried so often, and
 * then its place in the stream goes to the dead-letter queue, so that it holds up nothing behind it for ever.
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
    new LambdaEventSourceMapping(this, "mapping", {
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
      // Lambda refuses a mapping whose function may not read the stream.
      dependsOn: [permissions],
    });
  }
}
