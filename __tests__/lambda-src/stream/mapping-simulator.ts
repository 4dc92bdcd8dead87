import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { streamFilterPattern } from "../../../lambda-src/stream/stream-filter";

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

/** Positions of records in their shard. */
type Batch = readonly number[];

/**
 * Lambda's event source mapping of one shard, as its developer guide tells: batches in order; a failure is the
 * function's error, an empty identifier, or a lowest failed sequence number, from which the rest is delivered
 * again; a batch that fails is split where that is on, or tried again, and at last given up to the destination.
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
      await this.process(passing.slice(next, next + size), 0);
      next += size;
    }
  }

  private async process(batch: Batch, retries: number): Promise<void> {
    const failedAt = await this.attempt(batch);
    if (failedAt === undefined) return;
    const rest = batch.slice(failedAt);
    // Progress was made: what is left is a batch of its own.
    if (failedAt > 0) return this.process(rest, 0);
    if (this.props.bisectBatchOnFunctionError && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      await this.process(rest.slice(0, middle), retries);
      return this.process(rest.slice(middle), retries);
    }
    if (retries < this.props.maximumRetryAttempts) return this.process(rest, retries + 1);
    this.failedRanges.push({ first: rest[0] as number, last: rest.at(-1) as number });
  }

  /** @returns where in the batch the mapping begins again, or `undefined` where it is done */
  private async attempt(batch: Batch): Promise<number | undefined> {
    this.invocations += 1;
    const weather = this.props.weather();
    if (weather === "dies before") return 0;
    const records = batch.map((position) => this.shard[position] as DynamoDBRecord);
    const { batchItemFailures } = await this.invoke(records);
    if (weather === "dies after") return 0;
    if (batchItemFailures.length === 0) return undefined;
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    if (failed.has("")) return 0;
    const lowest = records.findIndex(({ dynamodb }) => failed.has(`${dynamodb?.SequenceNumber}`));
    // An identifier that is none of the batch's is no failure to Lambda.
    return lowest === -1 ? undefined : lowest;
  }
}

const passesFilter = (record: DynamoDBRecord | undefined): boolean => {
  const [{ "anything-but": excluded }] = streamFilterPattern.dynamodb.Keys.timestamp.N;
  const timestamp = record?.dynamodb?.Keys?.timestamp?.N;
  return timestamp !== undefined && !(excluded as readonly string[]).includes(timestamp);
};
