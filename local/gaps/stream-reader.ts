import { type GetEventSourceMappingCommandOutput, InvokeCommand } from "@aws-sdk/client-lambda";
import { sendTo } from "./async-destination";
import type { AwsClients } from "./aws-clients";
import { fitsPattern } from "./filter-pattern";
import { type Attempt, type Discarded, processBatch, type StreamRecord } from "./stream-batch";

/** Lambda's own times between tries are not documented. */
const retryMilliseconds = 50;
const retryMillisecondsMax = 1_000;

/** By shard, the sequence number of the last record that is done with. */
export type Checkpoints = Readonly<Record<string, string>>;

interface Invocation {
  readonly requestId: string | undefined;
  readonly response: Readonly<Record<string, unknown>>;
}

/** Brings what a table's stream holds to the function of a mapping, batch by batch. */
export class StreamReader {
  constructor(
    private readonly clients: AwsClients,
    private readonly region: string,
    private readonly mapping: GetEventSourceMappingCommandOutput,
  ) {}

  /** Reads on from the checkpoints to the end of each shard. `reached` is told each time that a batch is done with. */
  async run(
    checkpoints: Checkpoints,
    reached: (shardId: string, sequenceNumber: string) => void,
  ): Promise<void> {
    const { BatchSize = 100, EventSourceArn: StreamArn } = this.mapping;
    for (const shardId of await this.shards()) {
      for await (const page of this.pages(shardId, checkpoints[shardId])) {
        for (let start = 0; start < page.length; start += BatchSize) {
          const chunk = page.slice(start, start + BatchSize);
          const records = chunk
            .filter((record) => this.isWanted(record))
            .map((record) => ({ ...record, eventSourceARN: StreamArn }));
          if (records.length > 0) await this.process(shardId, records);
          reached(shardId, `${chunk.at(-1)?.dynamodb?.SequenceNumber}`);
        }
      }
    }
  }

  /** Where a mapping begins that wants only what comes from now on. */
  async latest(): Promise<Checkpoints> {
    const checkpoints: Record<string, string> = {};
    for (const shardId of await this.shards()) {
      for await (const page of this.pages(shardId, undefined)) {
        checkpoints[shardId] = `${page.at(-1)?.dynamodb?.SequenceNumber}`;
      }
    }
    return checkpoints;
  }

  private async process(shardId: string, records: readonly StreamRecord[]): Promise<void> {
    const { MaximumRetryAttempts = -1, MaximumRecordAgeInSeconds = -1 } = this.mapping;
    let last: Invocation | undefined;
    await processBatch(records, {
      limits: {
        maximumRetryAttempts: MaximumRetryAttempts < 0 ? undefined : MaximumRetryAttempts,
        maximumRecordAgeSeconds: MaximumRecordAgeInSeconds < 0 ? undefined : MaximumRecordAgeInSeconds,
        bisectBatchOnFunctionError: this.mapping.BisectBatchOnFunctionError === true,
        reportBatchItemFailures:
          this.mapping.FunctionResponseTypes?.includes("ReportBatchItemFailures") === true,
      },
      invoke: async (Records) => {
        const { attempt, ...invocation } = await this.invoke(Records);
        last = invocation;
        return attempt;
      },
      discard: (discarded) => this.discard(shardId, discarded, last),
      pause: (retries) => {
        const milliseconds = Math.min(retryMilliseconds * 2 ** retries, retryMillisecondsMax);
        return new Promise((resolve) => setTimeout(resolve, milliseconds));
      },
    });
  }

  /** @throws where the function could not be called: nothing is lost, as the next run begins at the checkpoint */
  private async invoke(
    Records: readonly StreamRecord[],
  ): Promise<Invocation & { readonly attempt: Attempt }> {
    const { StatusCode, FunctionError, ExecutedVersion, Payload, $metadata } = await this.clients
      .lambda(this.region)
      .send(
        new InvokeCommand({
          FunctionName: this.mapping.FunctionArn,
          Payload: Buffer.from(JSON.stringify({ Records })),
        }),
      );
    const text = Payload?.transformToString() ?? "";
    return {
      attempt: FunctionError
        ? { failed: true }
        : { failed: false, answer: text ? JSON.parse(text) : undefined },
      requestId: $metadata.requestId,
      response: {
        statusCode: StatusCode,
        executedVersion: ExecutedVersion,
        ...(FunctionError && { functionError: FunctionError }),
      },
    };
  }

  /** Where the records are is told, not what they hold; without a destination nobody is. */
  private async discard(
    shardId: string,
    { records, condition, attempts }: Discarded<StreamRecord>,
    last: Invocation | undefined,
  ): Promise<void> {
    const destination = this.mapping.DestinationConfig?.OnFailure?.Destination;
    if (!destination) return;
    const [first, end] = [records[0]?.dynamodb, records.at(-1)?.dynamodb];
    const message = {
      requestContext: {
        requestId: last?.requestId,
        functionArn: this.mapping.FunctionArn,
        condition,
        approximateInvokeCount: attempts,
      },
      responseContext: last?.response,
      version: "1.0",
      timestamp: new Date().toISOString(),
      DDBStreamBatchInfo: {
        shardId,
        startSequenceNumber: first?.SequenceNumber,
        endSequenceNumber: end?.SequenceNumber,
        approximateArrivalOfFirstRecord: instant(first?.ApproximateCreationDateTime),
        approximateArrivalOfLastRecord: instant(end?.ApproximateCreationDateTime),
        batchSize: records.length,
        streamArn: this.mapping.EventSourceArn,
      },
    };
    await sendTo(this.clients, destination, { body: JSON.stringify(message) });
  }

  private isWanted(record: StreamRecord): boolean {
    const filters = this.mapping.FilterCriteria?.Filters ?? [];
    return (
      filters.length === 0 || filters.some(({ Pattern }) => fitsPattern(JSON.parse(Pattern ?? "{}"), record))
    );
  }

  private async shards(): Promise<readonly string[]> {
    const { StreamDescription } = await this.stream<{
      StreamDescription: { Shards: readonly { ShardId: string }[] };
    }>("DescribeStream", { StreamArn: this.mapping.EventSourceArn });
    return StreamDescription.Shards.map(({ ShardId }) => ShardId);
  }

  private async *pages(ShardId: string, after: string | undefined): AsyncGenerator<readonly StreamRecord[]> {
    const from = { StreamArn: this.mapping.EventSourceArn, ShardId };
    const horizon = { ...from, ShardIteratorType: "TRIM_HORIZON" };
    const begin = after
      ? { ...from, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after }
      : horizon;
    let { ShardIterator } = await this.stream<{ ShardIterator?: string }>("GetShardIterator", begin).catch(
      // What the checkpoint was after is gone: the oldest that is left comes next.
      () => this.stream<{ ShardIterator?: string }>("GetShardIterator", horizon),
    );
    while (ShardIterator) {
      const page: { readonly Records: readonly StreamRecord[]; readonly NextShardIterator?: string } =
        await this.stream("GetRecords", { ShardIterator });
      if (page.Records.length === 0) return;
      yield page.Records;
      ShardIterator = page.NextShardIterator;
    }
  }

  /** By the wire, as the records are handed on to the function as they came. */
  private async stream<T>(action: string, input: object): Promise<T> {
    const answer = await fetch(this.clients.endpoint, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${this.region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDBStreams_20120810.${action}`,
      },
      body: JSON.stringify(input),
    });
    if (!answer.ok) throw new Error(`${action} of ${this.mapping.EventSourceArn}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

function instant(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}
