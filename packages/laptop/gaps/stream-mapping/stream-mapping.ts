import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import {
  type Answer,
  type Call,
  type Gap,
  type GapSettings,
  hasSucceeded,
  jsonAnswer,
  type RequestHead,
} from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import type { Memory } from "../shared/memory";
import { MappingRun } from "./mapping-run";
import { TableStream } from "./table-stream";

/** For writes that the emulator makes itself, such as TTL deletions. TableWrites reports all others immediately. */
const pollMilliseconds = 10_000;
/** While the emulator starts, and after it was stopped for a checkpoint. */
const restartMilliseconds = 1_000;

const mappingPath = /^\/2015-03-31\/event-source-mappings\/?([^/]*)\/?$/;
const tableStream = /^arn:[\w-]+:dynamodb:[^:]*:\d*:table\/[^/]+\/stream\//;
/** AWS's defaults for the mapping of a stream. */
const defaults = {
  BatchSize: 100,
  BisectBatchOnFunctionError: false,
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
};

/** A mapping that is disabled in the emulator and run here. */
export interface OwnMapping {
  readonly region: string;
  readonly enabled: boolean;
  /** The sequence number of the last finished record, by shard. A shard without one is read from its oldest record. */
  readonly checkpoints: Readonly<Record<string, string>>;
  readonly lastProcessingResult?: string;
}

interface Run {
  readonly run: MappingRun;
  readonly done: Promise<void>;
}

interface MappingAnswer {
  readonly UUID?: string;
}

/**
 * Runs event source mappings of DynamoDB streams as Lambda documents. In MiniStack they are disabled, so that it does
 * not run them too. Callers still see them as they configured them.
 */
export class StreamMapping implements Gap {
  readonly name = "stream-mapping";
  /** By the mapping's UUID. */
  private readonly runs = new Map<string, Run>();
  private timer: NodeJS.Timeout | undefined;
  private state: "open" | "settling" | "closed" = "open";

  constructor(
    private readonly clients: AwsClients,
    private readonly mappings: Memory<OwnMapping>,
    private readonly settings: GapSettings,
  ) {
    this.pollIn(restartMilliseconds);
  }

  claims({ path }: RequestHead): boolean {
    return mappingPath.test(path);
  }

  async intercept(call: Call): Promise<Answer> {
    const { method, path, region = this.settings.region } = call.head;
    const [, uuid = ""] = mappingPath.exec(path) ?? [];
    if (method === "POST") return this.create(call, region);
    const known = this.mappings.get(uuid);
    if (known && method === "PUT") return this.update(call, uuid, known);
    const answer = await call.pass();
    if (known && method === "DELETE" && hasSucceeded(answer)) {
      this.mappings.delete(uuid);
      this.runs.get(uuid)?.run.stop();
    }
    return method === "GET" ? this.withState(answer) : answer;
  }

  /** Makes the mappings of a Region read their streams now. */
  wake(region: string): void {
    for (const [uuid, mapping] of this.mappings.entries()) if (mapping.region === region) this.start(uuid);
  }

  /** Waits for current invocations to finish. Further records are left for the next start. */
  async settle(): Promise<void> {
    if (this.state === "closed") return;
    this.state = "settling";
    this.stopAll();
    await Promise.all([...this.runs.values()].map(({ done }) => done));
    this.pollIn(restartMilliseconds);
  }

  close(): void {
    this.state = "closed";
    clearTimeout(this.timer);
    this.stopAll();
  }

  private async create(call: Call, region: string): Promise<Answer> {
    const input = JSON.parse(call.body.toString());
    if (!tableStream.test(input.EventSourceArn)) return call.pass();
    const { Enabled: enabled = true, StartingPosition, EventSourceArn } = input;
    // Before the mapping is created: if this fails, MiniStack creates and runs it.
    const checkpoints =
      StartingPosition === "LATEST" ? await latestCheckpoints(this.clients, EventSourceArn) : {};
    const answer = await call.pass(withBody({ ...defaults, ...input, Enabled: false }));
    if (!hasSucceeded(answer)) return answer;
    const { UUID } = JSON.parse(answer.body.toString());
    this.mappings.set(UUID, { region, enabled, checkpoints });
    this.start(UUID);
    return this.withState(answer);
  }

  private async update(call: Call, uuid: string, known: OwnMapping): Promise<Answer> {
    const input = JSON.parse(call.body.toString());
    const answer = await call.pass(withBody({ ...input, Enabled: false }));
    if (!hasSucceeded(answer)) return answer;
    this.mappings.set(uuid, {
      ...known,
      ...this.mappings.get(uuid),
      enabled: input.Enabled ?? known.enabled,
    });
    // Restarts from its checkpoint with the new configuration.
    const running = this.runs.get(uuid);
    running?.run.stop();
    void Promise.resolve(running?.done).then(() => this.start(uuid));
    return this.withState(answer);
  }

  /** One mapping or a list of them, with the state that is kept here. */
  private withState(answer: Answer): Answer {
    if (!hasSucceeded(answer)) return answer;
    const output = JSON.parse(answer.body.toString());
    const complete = (mapping: MappingAnswer) => {
      const known = this.mappings.get(mapping.UUID ?? "");
      if (!known) return mapping;
      const { enabled, lastProcessingResult } = known;
      const State = enabled ? "Enabled" : "Disabled";
      return {
        ...mapping,
        State,
        ...(lastProcessingResult && { LastProcessingResult: lastProcessingResult }),
      };
    };
    const { EventSourceMappings: list } = output;
    return jsonAnswer(
      answer,
      list ? { ...output, EventSourceMappings: list.map(complete) } : complete(output),
    );
  }

  private pollIn(milliseconds: number): void {
    clearTimeout(this.timer);
    if (this.state === "closed") return;
    this.timer = setTimeout(() => {
      this.state = "open";
      for (const [uuid] of this.mappings.entries()) this.start(uuid);
      this.pollIn(pollMilliseconds);
    }, milliseconds).unref();
  }

  private start(uuid: string): void {
    const running = this.runs.get(uuid);
    running?.run.wake();
    const mapping = this.mappings.get(uuid);
    if (running || !mapping?.enabled || this.state !== "open") return;
    const run = new MappingRun({
      clients: this.clients,
      region: mapping.region,
      configuration: () =>
        this.clients.lambda(mapping.region).send(new GetEventSourceMappingCommand({ UUID: uuid })),
      checkpoint: (shardId) => this.mappings.get(uuid)?.checkpoints[shardId],
      reached: (shardId, sequenceNumber) =>
        this.keep(uuid, ({ checkpoints }) => ({
          checkpoints: { ...checkpoints, [shardId]: sequenceNumber },
        })),
      processed: (lastProcessingResult) => this.keep(uuid, () => ({ lastProcessingResult })),
    });
    const done = run
      .run()
      .catch((error: unknown) => this.failed(error))
      .then(() => void this.runs.delete(uuid));
    this.runs.set(uuid, { run, done });
  }

  private keep(uuid: string, change: (mapping: OwnMapping) => Partial<OwnMapping>): void {
    const mapping = this.mappings.get(uuid);
    if (mapping && this.state !== "closed") this.mappings.set(uuid, { ...mapping, ...change(mapping) });
  }

  private failed(error: unknown): void {
    const { name } = error as Error;
    // The emulator may be restarting.
    if (name === "ServiceUnavailableException") this.pollIn(restartMilliseconds);
    else if (name !== "AbortError") void this.settings.report(this.name, error);
  }

  private stopAll(): void {
    for (const { run } of this.runs.values()) run.stop();
  }
}

async function latestCheckpoints(clients: AwsClients, arn: string): Promise<OwnMapping["checkpoints"]> {
  const stream = await TableStream.open(clients, arn);
  const last = await stream.lastSequenceNumber();
  return last === undefined ? {} : { [stream.shardId]: last };
}

function withBody(input: object) {
  return { body: Buffer.from(JSON.stringify(input)) };
}
