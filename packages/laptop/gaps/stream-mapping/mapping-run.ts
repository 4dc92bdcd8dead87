import { EventEmitter, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import {
  type EventSourceMappingConfiguration,
  InvokeCommand,
  TooManyRequestsException,
} from "@aws-sdk/client-lambda";
import { asFunction } from "../shared/async-destination";
import type { AwsClients } from "../shared/aws-clients";
import { type BatchInvocation, sendDiscarded } from "./discarded-batch";
import { gatherBatch } from "./gather-batch";
import { lowestFailure } from "./lowest-failure";
import { processStreamBatch } from "./stream-batch";
import { type StreamRecord, TableStream } from "./table-stream";

export interface MappingRunProps {
  readonly clients: AwsClients;
  readonly region: string;
  /** Reads the mapping's current configuration. */
  readonly configuration: () => Promise<EventSourceMappingConfiguration>;
  /** @returns the sequence number of the last record that the mapping has finished with */
  readonly checkpoint: (shardId: string) => string | undefined;
  readonly reached: (shardId: string, sequenceNumber: string) => void;
  /** Called after each invocation with its outcome, in the words of the mapping's LastProcessingResult. */
  readonly processed: (result: string) => void;
}

/** How long a stream keeps its records. */
const retentionSeconds = 86_400;
const firstRetryMilliseconds = 50;
const longestRetryMilliseconds = 5_000;

/** Reads a table's stream for a mapping and invokes its function, until the stream has no more records or it is stopped. */
export class MappingRun {
  private readonly events = new EventEmitter();
  private readonly stopping = new AbortController();
  private hasNews = false;

  constructor(private readonly props: MappingRunProps) {}

  /** Call this when there may be new records. */
  wake(): void {
    this.hasNews = true;
    this.events.emit("wake");
  }

  /** Ends the run before its next invocation. Unfinished records are read again by the next run. */
  stop(): void {
    this.stopping.abort();
  }

  /** @throws Error if it cannot continue or has been stopped */
  async run(): Promise<void> {
    const mapping = await this.props.configuration();
    const { clients, region } = this.props;
    // Lambda reads the stream with the function's role.
    const reader = await asFunction(clients, region, { FunctionName: mapping.FunctionArn });
    const stream = await TableStream.open(reader, mapping.EventSourceArn ?? "");
    do {
      this.hasNews = false;
      for (;;) {
        this.stopping.signal.throwIfAborted();
        const batch = await gatherBatch({
          mapping,
          stream,
          checkpoint: this.props.checkpoint(stream.shardId),
          more: (milliseconds) => this.more(milliseconds),
        });
        if (!batch) break;
        if (batch.records.length > 0) await this.process(mapping, batch.records, stream.shardId);
        this.props.reached(stream.shardId, batch.end);
      }
    } while (this.hasNews);
  }

  private async process(
    mapping: EventSourceMappingConfiguration,
    batch: readonly StreamRecord[],
    shardId: string,
  ): Promise<void> {
    const {
      BisectBatchOnFunctionError: bisectBatchOnFunctionError = false,
      MaximumRetryAttempts: maximumRetryAttempts = -1,
      MaximumRecordAgeInSeconds: ageSeconds = -1,
      DestinationConfig,
      UUID = "",
      FunctionArn = "",
      EventSourceArn = "",
    } = mapping;
    const maximumAgeSeconds = ageSeconds === -1 ? retentionSeconds : Math.min(ageSeconds, retentionSeconds);
    let invocation: BatchInvocation | undefined;
    await processStreamBatch(batch, {
      policy: { bisectBatchOnFunctionError, maximumRetryAttempts },
      isTooOld: ({ dynamodb }) =>
        Date.now() / 1_000 - dynamodb.ApproximateCreationDateTime > maximumAgeSeconds,
      attempt: async (records) => {
        this.stopping.signal.throwIfAborted();
        const answer = await this.invoke(mapping, records).catch(unlessThrottled);
        if (answer === "throttled") return answer;
        invocation = answer.invocation;
        this.props.processed(answer.failedAt === undefined ? "OK" : "PROBLEM: Function call failed");
        return answer.failedAt;
      },
      discard: async (range) => {
        const destination = DestinationConfig?.OnFailure?.Destination;
        if (!destination) return;
        await sendDiscarded(this.props.clients, destination, {
          ...range,
          mappingId: UUID,
          functionArn: FunctionArn,
          streamArn: EventSourceArn,
          shardId,
          region: this.props.region,
          invocation: range.attempts > 0 ? invocation : undefined,
        });
      },
      checkpoint: ({ dynamodb }) => this.props.reached(shardId, dynamodb.SequenceNumber),
      pause: (retry) =>
        this.wait(Math.min(firstRetryMilliseconds * 2 ** (retry - 1), longestRetryMilliseconds)),
    });
  }

  private async invoke(
    { FunctionArn, FunctionResponseTypes = [] }: EventSourceMappingConfiguration,
    records: readonly StreamRecord[],
  ) {
    const answer = await this.props.clients.lambda(this.props.region).send(
      new InvokeCommand({
        FunctionName: FunctionArn,
        Payload: Buffer.from(JSON.stringify({ Records: records })),
      }),
    );
    const invocation = {
      requestId: answer.$metadata.requestId ?? "",
      statusCode: answer.StatusCode ?? 200,
      executedVersion: answer.ExecutedVersion,
      functionError: answer.FunctionError,
    };
    if (answer.FunctionError !== undefined) return { invocation, failedAt: 0 };
    if (!FunctionResponseTypes.includes("ReportBatchItemFailures"))
      return { invocation, failedAt: undefined };
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    return { invocation, failedAt: lowestFailure(numbers, parsed(answer.Payload)) };
  }

  /** Ends early if something is written in the meantime. */
  private async more(milliseconds: number): Promise<void> {
    const ending = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, ending.signal]);
    try {
      await Promise.race([delay(milliseconds, undefined, { signal }), once(this.events, "wake", { signal })]);
    } finally {
      ending.abort();
    }
  }

  private wait(milliseconds: number): Promise<void> {
    return delay(milliseconds, undefined, { signal: this.stopping.signal });
  }
}

/** @throws the error, unless Lambda throttles the function */
function unlessThrottled(error: unknown): "throttled" {
  if (error instanceof TooManyRequestsException) return "throttled";
  throw error;
}

function parsed(payload: Uint8Array | undefined): unknown {
  const text = Buffer.from(payload ?? []).toString();
  return text === "" ? null : JSON.parse(text);
}
