import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { streamFilterPattern } from "../../../lambda-src/stream/stream-filter";
import { matchesPattern } from "../../../packages/laptop/gaps/stream-mapping/filter-pattern";
import { lowestFailure } from "../../../packages/laptop/gaps/stream-mapping/lowest-failure";
import {
  processStreamBatch,
  type RetryPolicy,
} from "../../../packages/laptop/gaps/stream-mapping/stream-batch";

export interface MappingProps extends RetryPolicy {
  readonly batchSize: number;
  /** Whether an invocation dies, and when. */
  readonly interruption: () => "none" | "dies before" | "dies after";
  /** A number from 0 to 1, for the sizes of batches. */
  readonly random: () => number;
}

/** A range sent to the mapping's failure destination: positions in the shard, inclusive. */
export interface FailedRange {
  readonly first: number;
  readonly last: number;
}

type Invoke = (records: readonly DynamoDBRecord[]) => Promise<DynamoDBBatchResponse>;

/**
 * Lambda's event source mapping for one shard. It uses the same code that runs mappings on the laptop
 * (packages/laptop/gaps), with batches of random size and invocations that die before or after their work.
 */
export class MappingSimulator {
  readonly failedRanges: FailedRange[] = [];
  invocations = 0;

  constructor(
    private readonly shard: readonly DynamoDBRecord[],
    private readonly invoke: Invoke,
    private readonly props: MappingProps,
  ) {}

  async run(): Promise<void> {
    const passing = [...this.shard.keys()].filter((position) => passesFilter(this.shard[position]));
    for (let next = 0; next < passing.length; ) {
      const size = 1 + Math.floor(this.props.random() * this.props.batchSize);
      await this.process(passing.slice(next, next + size));
      next += size;
    }
  }

  private process(positions: readonly number[]): Promise<void> {
    return processStreamBatch(positions, {
      policy: this.props,
      attempt: (attempted) => this.attempt(attempted),
      isTooOld: () => false,
      discard: async ({ records }) => {
        this.failedRanges.push({ first: records[0] as number, last: records.at(-1) as number });
      },
      checkpoint: () => {},
      pause: async () => {},
    });
  }

  private async attempt(positions: readonly number[]): Promise<number | undefined> {
    this.invocations += 1;
    const interruption = this.props.interruption();
    if (interruption === "dies before") return 0;
    const records = positions.map((position) => this.shard[position] as DynamoDBRecord);
    const answer = await this.invoke(records);
    if (interruption === "dies after") return 0;
    return lowestFailure(
      records.map(({ dynamodb }) => `${dynamodb?.SequenceNumber}`),
      answer,
    );
  }
}

const passesFilter = (record: DynamoDBRecord | undefined): boolean =>
  matchesPattern(streamFilterPattern, record);
