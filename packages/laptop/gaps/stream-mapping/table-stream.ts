import type { DynamoDBRecord } from "aws-lambda";
import type { AwsClients } from "../shared/aws-clients";
import { signedCall } from "../shared/signed-call";

/** Where to call, and as whom. */
type Reader = Pick<AwsClients, "endpoint" | "credentials">;

/** A record in the response of GetRecords. Lambda adds the stream's ARN before it invokes the function. */
export type StreamRecord = DynamoDBRecord & {
  readonly dynamodb: {
    readonly SequenceNumber: string;
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
  };
};

export interface StreamPage {
  readonly records: readonly StreamRecord[];
  /** Undefined at the end of a closed stream. */
  readonly next: string | undefined;
}

/** The responses of all the calls here; each call returns some of these fields. */
interface StreamAnswer {
  readonly StreamDescription: { readonly Shards: readonly [{ readonly ShardId: string }] };
  readonly ShardIterator: string;
  readonly Records: readonly StreamRecord[];
  readonly NextShardIterator?: string;
  readonly __type?: string;
  readonly message?: string;
}

const answerSeconds = 30;

/** The stream of a table. It has one shard, as all streams in MiniStack do. */
export class TableStream {
  private constructor(
    private readonly reader: Reader,
    private readonly arn: string,
    readonly shardId: string,
  ) {}

  static async open(reader: Reader, arn: string): Promise<TableStream> {
    const { StreamDescription } = await call(reader, arn, "DescribeStream", { StreamArn: arn });
    return new TableStream(reader, arn, StreamDescription.Shards[0].ShardId);
  }

  /** @returns an iterator after the record with this sequence number, or at the oldest record if it is gone or not given */
  async iterator(after: string | undefined): Promise<string> {
    const shard = { StreamArn: this.arn, ShardId: this.shardId };
    const oldest = { ...shard, ShardIteratorType: "TRIM_HORIZON" };
    const wanted =
      after === undefined
        ? oldest
        : { ...shard, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after };
    try {
      return (await this.call("GetShardIterator", wanted)).ShardIterator;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "TrimmedDataAccessException") throw error;
      // All older records are gone too, so the oldest one left is the next.
      return (await this.call("GetShardIterator", oldest)).ShardIterator;
    }
  }

  /** @param limit 1 to 1,000 */
  async read(iterator: string, limit: number): Promise<StreamPage> {
    const { Records, NextShardIterator } = await this.call("GetRecords", {
      ShardIterator: iterator,
      Limit: limit,
    });
    return { records: Records, next: NextShardIterator };
  }

  /** @returns the sequence number of the last record, or `undefined` if the stream is empty */
  async lastSequenceNumber(): Promise<string | undefined> {
    let last: string | undefined;
    let iterator: string | undefined = await this.iterator(undefined);
    while (iterator !== undefined) {
      const { records, next } = await this.read(iterator, 1_000);
      if (records.length === 0) break;
      last = records.at(-1)?.dynamodb.SequenceNumber;
      iterator = next;
    }
    return last;
  }

  private call(action: string, input: object): Promise<StreamAnswer> {
    return call(this.reader, this.arn, action, input);
  }
}

/** Without the SDK, which would parse dates and bytes: the function receives the records' JSON unchanged. */
async function call(
  { endpoint, credentials }: Reader,
  arn: string,
  action: string,
  input: object,
): Promise<StreamAnswer> {
  const region = arn.split(":")[3] ?? "";
  const target = `DynamoDBStreams_20120810.${action}`;
  const response = await signedCall(
    { endpoint, credentials, region, service: "dynamodb", target, input },
    AbortSignal.timeout(answerSeconds * 1_000),
  );
  const answer = (await response.json()) as StreamAnswer;
  if (response.ok) return answer;
  const name = `${answer.__type}`.replace(/^.*#/, "");
  throw Object.assign(new Error(`${action} of ${arn}: ${answer.message}`), { name });
}
