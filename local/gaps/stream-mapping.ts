import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import type { AwsClients } from "./aws-clients";
import { type Answer, type Call, type Gap, hasSucceeded, jsonAnswer, type RequestHead } from "./gap";
import type { Memory } from "./memory";
import { report } from "./report";
import { type Checkpoints, StreamReader } from "./stream-reader";

const mappings = /^\/2015-03-31\/event-source-mappings(?:\/([^/]+))?\/?$/;

/** Lambda looks four times a second. */
const pollMilliseconds = 1_000;

/** A mapping that the emulator holds disabled, as it is run here. */
export interface HeldMapping {
  readonly region: string;
  readonly enabled: boolean;
  readonly checkpoints: Checkpoints;
}

interface MappingBody {
  readonly UUID?: string;
  readonly State?: string;
  readonly EventSourceMappings?: readonly MappingBody[];
}

/**
 * Mappings of tables' streams as Lambda runs them: partial failures, splitting, bounds of retries and age, the failure
 * destination. MiniStack tries a batch that fails again each second for ever, so it is kept from reading the stream.
 */
export class StreamMapping implements Gap {
  readonly name = "stream-mapping";
  private readonly running = new Map<string, Promise<void>>();
  private readonly timer = setInterval(() => this.poll(), pollMilliseconds).unref();

  constructor(
    private readonly clients: AwsClients,
    private readonly held: Memory<HeldMapping>,
    private readonly region: string,
  ) {}

  concerns({ path }: RequestHead): boolean {
    return mappings.test(path);
  }

  async intercept(call: Call): Promise<Answer> {
    const { method, path, region = this.region } = call.head;
    const [, uuid = ""] = mappings.exec(path) ?? [];
    const input = call.body.length > 0 ? JSON.parse(call.body.toString()) : {};
    const held = this.held.get(uuid);
    if (method === "POST" && /:dynamodb:/.test(`${input.EventSourceArn}`)) {
      return this.shown(await this.create(call, input, region));
    }
    if (method === "PUT" && held) {
      const answer = await call.pass({ body: Buffer.from(JSON.stringify({ ...input, Enabled: false })) });
      if (hasSucceeded(answer) && input.Enabled !== undefined) {
        this.held.set(uuid, { ...held, enabled: input.Enabled });
      }
      return this.shown(answer);
    }
    const answer = await call.pass();
    if (method === "DELETE" && held && hasSucceeded(answer)) this.held.delete(uuid);
    return this.shown(answer);
  }

  /** What is under way comes to its end; what is left then is read after the next start. */
  async settle(): Promise<void> {
    await Promise.all(this.running.values());
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async create(
    call: Call,
    input: Readonly<Record<string, unknown>>,
    region: string,
  ): Promise<Answer> {
    const answer = await call.pass({ body: Buffer.from(JSON.stringify({ ...input, Enabled: false })) });
    if (!hasSucceeded(answer)) return answer;
    const made: MappingBody & { readonly UUID: string } = JSON.parse(answer.body.toString());
    const reader = new StreamReader(this.clients, region, { ...input, $metadata: {} });
    const checkpoints = input.StartingPosition === "LATEST" ? await reader.latest() : {};
    this.held.set(made.UUID, { region, enabled: input.Enabled !== false, checkpoints });
    return answer;
  }

  /** With the state that was asked for. */
  private shown(answer: Answer): Answer {
    if (!hasSucceeded(answer) || answer.body.length === 0) return answer;
    const one = (mapping: MappingBody): MappingBody => {
      const held = this.held.get(mapping.UUID ?? "");
      return held ? { ...mapping, State: held.enabled ? "Enabled" : "Disabled" } : mapping;
    };
    const body: MappingBody = JSON.parse(answer.body.toString());
    const { EventSourceMappings } = body;
    return jsonAnswer(
      answer,
      EventSourceMappings ? { ...body, EventSourceMappings: EventSourceMappings.map(one) } : one(body),
    );
  }

  private poll(): void {
    for (const [uuid, { enabled }] of this.held.entries()) {
      if (!enabled || this.running.has(uuid)) continue;
      const run = this.read(uuid)
        .catch((error: unknown) => report(this.name, error))
        .finally(() => this.running.delete(uuid));
      this.running.set(uuid, run);
    }
  }

  private async read(uuid: string): Promise<void> {
    const { region = this.region, checkpoints = {} } = this.held.get(uuid) ?? {};
    const mapping = await this.clients.lambda(region).send(new GetEventSourceMappingCommand({ UUID: uuid }));
    await new StreamReader(this.clients, region, mapping).run(checkpoints, (shardId, sequenceNumber) => {
      const held = this.held.get(uuid);
      if (!held) return;
      this.held.set(uuid, { ...held, checkpoints: { ...held.checkpoints, [shardId]: sequenceNumber } });
    });
  }
}
