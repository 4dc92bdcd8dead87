import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { streamFilterPattern } from "../../../lambda-src/stream/stream-filter";
import { fitsPattern } from "../../../local/gaps/filter-pattern";
import { processBatch, type StreamRecord } from "../../../local/gaps/stream-batch";

export interface MappingProps {
  readonly batchSize: number;
  /** Attempts beyond the first; splitting a batch uses up none of them. */
  readonly maximumRetryAttempts: number;
  readonly bisectBatchOnFunctionError: boolean;
  /** What Lambda does with one invocation beside calling the function. */
  readonly weather: () => "fair" | "dies before" | "dies after";
  /** A number of 0 to 1, for the sizes of batches. */
  readonly random: () => number;
}

/** What the mapping's failure destination is told: positions in the shard, both included. */
export interface FailedRange {
  readonly first: number;
  readonly last: number;
}

type Invoke = (records: readonly DynamoDBRecord[]) => Promise<DynamoDBBatchResponse>;

interface PlacedRecord extends StreamRecord {
  readonly record: DynamoDBRecord;
  /** In the shard. */
  readonly position: number;
}

/** Lambda's event source mapping of one shard, as the laptop's has it, with whatever may happen to an invocation. */
export class MappingSimulator {
  readonly failedRanges: FailedRange[] = [];
  invocations = 0;

  constructor(
    private readonly shard: readonly DynamoDBRecord[],
    private readonly invoke: Invoke,
    private readonly props: MappingProps,
  ) {}

  async run(): Promise<void> {
    const passing = this.shard
      .map((record, position) => ({
        record,
        position,
        dynamodb: { SequenceNumber: record.dynamodb?.SequenceNumber },
      }))
      .filter(({ record }) => fitsPattern(streamFilterPattern, record));
    for (let next = 0; next < passing.length; ) {
      const size = 1 + Math.floor(this.props.random() * this.props.batchSize);
      await this.process(passing.slice(next, next + size));
      next += size;
    }
  }

  private process(batch: readonly PlacedRecord[]): Promise<void> {
    const { weather, maximumRetryAttempts, bisectBatchOnFunctionError } = this.props;
    return processBatch(batch, {
      limits: { maximumRetryAttempts, bisectBatchOnFunctionError, reportBatchItemFailures: true },
      invoke: async (records) => {
        this.invocations += 1;
        const today = weather();
        if (today === "dies before") return { failed: true };
        const answer = await this.invoke(records.map(({ record }) => record));
        return today === "dies after" ? { failed: true } : { failed: false, answer };
      },
      discard: ({ records }) => {
        const positions = records.map(({ position }) => position);
        this.failedRanges.push({ first: positions[0] as number, last: positions.at(-1) as number });
      },
      pause: () => {},
    });
  }
}
