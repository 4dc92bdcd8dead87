import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { type Answer, type Call, type Gap, hasSucceeded, jsonAnswer, type RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import type { Memory } from "../shared/memory";
import { report } from "../shared/report";
import { MappingRun } from "./mapping-run";
import { TableStream } from "./table-stream";

/** TableWrites tells of writes through the gateway at once; this is for those that the emulator makes by itself, such as TTL's. */
const pollMilliseconds = 10_000;
/** After a start, in which the emulator comes up, and after it was stopped for a checkpoint. */
const soonMilliseconds = 1_000;

const mappings = /^\/2015-03-31\/event-source-mappings\/?([^/]*)\/?$/;
const tableStream = /^arn:[\w-]+:dynamodb:[^:]*:\d*:table\/[^/]+\/stream\//;
/** As AWS has them of a stream's mapping. */
const defaults = {
  BatchSize: 100,
  BisectBatchOnFunctionError: false,
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
};

/** A mapping that the emulator holds disabled, as it is run here. */
export interface HeldMapping {
  readonly region: string;
  readonly enabled: boolean;
  /** By shard, the sequence number of the last record that it has done with; without one it begins at the oldest. */
  readonly checkpoints: Readonly<Record<string, string>>;
  readonly lastProcessingResult?: string;
}

interface Run {
  readonly run: MappingRun;
  readonly done: Promise<void>;
}

interface Shown {
  readonly UUID?: string;
}

/**
 * Event source mappings of tables' streams are run here, as Lambda documents it. MiniStack holds them disabled, so that
 * it does not run them as well, and gives them back as they were put.
 */
export class StreamMapping implements Gap {
  readonly name = "stream-mapping";
  /** By the mapping's UUID. */
  private readonly runs = new Map<string, Run>();
  private timer: NodeJS.Timeout | undefined;
  private state: "open" | "settling" | "closed" = "open";

  constructor(
    private readonly clients: AwsClients,
    private readonly held: Memory<HeldMapping>,
    private readonly defaultRegion: string,
  ) {
    this.pollIn(soonMilliseconds);
  }

  concerns({ path }: RequestHead): boolean {
    return mappings.test(path);
  }

  async intercept(call: Call): Promise<Answer> {
    const { method, path, region = this.defaultRegion } = call.head;
    const [, uuid = ""] = mappings.exec(path) ?? [];
    if (method === "POST") return this.create(call, region);
    const known = this.held.get(uuid);
    if (known && method === "PUT") return this.update(call, uuid, known);
    const answer = await call.pass();
    if (known && method === "DELETE" && hasSucceeded(answer)) {
      this.held.delete(uuid);
      this.runs.get(uuid)?.run.stop();
    }
    return method === "GET" ? this.shown(answer) : answer;
  }

  /** Has a Region's mappings look for records now. */
  wake(region: string): void {
    for (const [uuid, mapping] of this.held.entries()) if (mapping.region === region) this.start(uuid);
  }

  /** Invocations that are under way come to their end; what is left is for the next start. */
  async settle(): Promise<void> {
    if (this.state === "closed") return;
    this.state = "settling";
    this.stopAll();
    await Promise.all([...this.runs.values()].map(({ done }) => done));
    this.pollIn(soonMilliseconds);
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
    // Before it is made: where this fails, MiniStack makes it by itself.
    const checkpoints =
      StartingPosition === "LATEST" ? await latest(this.clients.endpoint, EventSourceArn) : {};
    const answer = await call.pass(changed({ ...defaults, ...input, Enabled: false }));
    if (!hasSucceeded(answer)) return answer;
    const { UUID } = JSON.parse(answer.body.toString());
    this.held.set(UUID, { region, enabled, checkpoints });
    this.start(UUID);
    return this.shown(answer);
  }

  private async update(call: Call, uuid: string, known: HeldMapping): Promise<Answer> {
    const input = JSON.parse(call.body.toString());
    const answer = await call.pass(changed({ ...input, Enabled: false }));
    if (!hasSucceeded(answer)) return answer;
    this.held.set(uuid, { ...known, ...this.held.get(uuid), enabled: input.Enabled ?? known.enabled });
    // It begins anew, as it is now, from where it has come to.
    const running = this.runs.get(uuid);
    running?.run.stop();
    void Promise.resolve(running?.done).then(() => this.start(uuid));
    return this.shown(answer);
  }

  /** One mapping or a list of them, with what is known here. */
  private shown(answer: Answer): Answer {
    if (!hasSucceeded(answer)) return answer;
    const output = JSON.parse(answer.body.toString());
    const complete = (mapping: Shown) => {
      const known = this.held.get(mapping.UUID ?? "");
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
      for (const [uuid] of this.held.entries()) this.start(uuid);
      this.pollIn(pollMilliseconds);
    }, milliseconds).unref();
  }

  private start(uuid: string): void {
    const running = this.runs.get(uuid);
    running?.run.wake();
    const mapping = this.held.get(uuid);
    if (running || !mapping?.enabled || this.state !== "open") return;
    const run = new MappingRun({
      clients: this.clients,
      region: mapping.region,
      configuration: () =>
        this.clients.lambda(mapping.region).send(new GetEventSourceMappingCommand({ UUID: uuid })),
      checkpoint: (shardId) => this.held.get(uuid)?.checkpoints[shardId],
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

  private keep(uuid: string, change: (mapping: HeldMapping) => Partial<HeldMapping>): void {
    const mapping = this.held.get(uuid);
    if (mapping && this.state !== "closed") this.held.set(uuid, { ...mapping, ...change(mapping) });
  }

  private failed(error: unknown): void {
    const { name } = error as Error;
    // The emulator may be down for a moment.
    if (name === "ServiceUnavailableException") this.pollIn(soonMilliseconds);
    else if (name !== "AbortError") void report(this.name, error);
  }

  private stopAll(): void {
    for (const { run } of this.runs.values()) run.stop();
  }
}

async function latest(endpoint: string, arn: string): Promise<HeldMapping["checkpoints"]> {
  const stream = await TableStream.open(endpoint, arn);
  const last = await stream.lastSequenceNumber();
  return last === undefined ? {} : { [stream.shardId]: last };
}

function changed(input: object) {
  return { body: Buffer.from(JSON.stringify(input)) };
}
