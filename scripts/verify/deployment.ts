import { randomUUID } from "node:crypto";
import type { Environment } from "../../stacks/environments";
import { isEmulator } from "../lib/is-emulator";
import { type DeployedStack, environmentOf } from "../lib/stack";
import { instancesOf } from "../lib/terraform-state";
import { type Clients, clientsOf } from "./clients";
import { SignedApi } from "./signed-api";
import { CheckFailedError, UncheckedError } from "./verdict";

export interface Wait {
  /** How long it may take on AWS, and on a laptop, where everything is fast. */
  readonly awsSeconds: number;
  readonly emulatorSeconds: number;
  /** Time between attempts on AWS. On a laptop it is always half a second. @default 5 */
  readonly everySeconds?: number;
}

type Cleanup = { readonly what: string; readonly run: () => Promise<unknown> };

/** A deployed environment, for every check: its outputs, its settings in environments.ts, and clients for AWS. */
export class Deployment {
  readonly stackId: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environment: Environment;
  readonly emulator = isEmulator();
  /** Identifies everything that this run creates. */
  readonly run = `verify-${randomUUID()}`;
  readonly startedAt = new Date();
  readonly clients: Clients;
  readonly api: SignedApi;
  private readonly shared = new Map<string, Promise<unknown>>();
  private readonly cleanups: Cleanup[] = [];

  constructor(
    private readonly stack: DeployedStack,
    /** Aborted when the run must end early. */
    readonly signal: AbortSignal,
  ) {
    this.stackId = stack.id;
    this.outputs = stack.outputs;
    this.environment = environmentOf(stack.id);
    this.clients = clientsOf({ region: this.environment.region });
    this.api = new SignedApi(this.apiUrl(), {
      region: this.environment.region,
      credentials: this.clients.lambda.config.credentials,
      signal,
      uncallable:
        this.environment.authorization.type === "COGNITO_USER_POOLS"
          ? "callers need a token from a user pool, and this command does not have one"
          : undefined,
    });
  }

  /** @throws CheckFailedError if the stack has no such output */
  output(name: string): string {
    const value = this.outputs[name];
    if (value) return value;
    throw new CheckFailedError(`the stack has no output ${name}`);
  }

  /** The resources of a type in Terraform's state. A check takes names from here, and its expectations from elsewhere. */
  resources(type: string): readonly Readonly<Record<string, unknown>>[] {
    return instancesOf(this.stack.state, type);
  }

  /** Does once what several checks need. All of them get the same result, or the same error. */
  once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const known = this.shared.get(key) as Promise<T> | undefined;
    const result = known ?? work();
    this.shared.set(key, result);
    return result;
  }

  /**
   * Repeats `look` until it finds something or time runs out.
   * @returns undefined if time ran out
   */
  async until<T>(
    wait: Wait,
    look: () => Promise<T | undefined>,
    report: (detail: string) => void = () => {},
  ): Promise<T | undefined> {
    const bound = this.emulator ? wait.emulatorSeconds : wait.awsSeconds;
    const pause = this.emulator ? 0.5 : (wait.everySeconds ?? 5);
    const started = Date.now();
    for (;;) {
      this.signal.throwIfAborted();
      const found = await look();
      if (found !== undefined) return found;
      const seconds = (Date.now() - started) / 1000;
      if (seconds >= bound) return undefined;
      report(`${Math.round(seconds)} of at most ${bound} s`);
      await this.pause(pause);
    }
  }

  /** Registers something to remove when the run ends, for whatever reason. The last one registered is removed first. */
  removeLater(what: string, run: () => Promise<unknown>): void {
    this.cleanups.push({ what, run });
  }

  /** @returns everything that could not be removed, with the reason */
  async cleanUp(explain: (error: unknown) => string): Promise<readonly string[]> {
    const left: string[] = [];
    for (;;) {
      const cleanup = this.cleanups.pop();
      if (!cleanup) return left;
      try {
        await cleanup.run();
      } catch (error) {
        left.push(`${cleanup.what} (${explain(error)})`);
      }
    }
  }

  /** @throws UncheckedError on a laptop, with the emulator's shortcoming */
  requireAws(lack: string): void {
    if (this.emulator) throw new UncheckedError(lack);
  }

  private pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      this.signal.addEventListener("abort", end);
    });
  }

  private apiUrl(): string {
    if (!this.emulator) return this.outputs["api-url"] ?? "";
    const { "api-id": id, "api-stage": stage } = this.outputs;
    return `${process.env.AWS_ENDPOINT_URL}/restapis/${id}/${stage}/_user_request_`;
  }
}
