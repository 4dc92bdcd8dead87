import { randomUUID } from "node:crypto";
import type { Environment } from "../../stacks/environments";
import { isEmulator } from "../lib/aws-reach";
import { type DeployedStack, environmentOf } from "../lib/stack";
import { instancesOf } from "../lib/terraform-state";
import { type Clients, clientsOf } from "./clients";
import { SignedApi } from "./signed-api";
import { CheckFailedError, UncheckedError } from "./verdict";

export interface Wait {
  /** How long it may take on AWS, and on a laptop, where nothing is slow. */
  readonly awsSeconds: number;
  readonly emulatorSeconds: number;
  /** How often it is looked at. @default 5 on AWS, half a second on a laptop */
  readonly everySeconds?: number;
}

type Cleanup = { readonly what: string; readonly run: () => Promise<unknown> };

/** A deployed environment, as every check has it: its outputs, what environments.ts says of it, and clients to look. */
export class Deployment {
  readonly stackId: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environment: Environment;
  readonly emulator = isEmulator();
  /** Tells what this run has made from all else. */
  readonly run = `verify-${randomUUID()}`;
  readonly startedAt = new Date();
  readonly clients: Clients;
  readonly api: SignedApi;
  private readonly shared = new Map<string, Promise<unknown>>();
  private readonly cleanups: Cleanup[] = [];

  constructor(
    private readonly stack: DeployedStack,
    /** Fires when the run is to end before its time. */
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
      closed:
        this.environment.authorization.type === "COGNITO_USER_POOLS"
          ? "callers have a token of a user pool, and this command has none"
          : undefined,
    });
  }

  /** @throws CheckFailedError where the stack has no such output */
  output(name: string): string {
    const value = this.outputs[name];
    if (value) return value;
    throw new CheckFailedError(`the stack has no output ${name}`);
  }

  /** What Terraform made of a type: the names to look by, never what is expected of them. */
  made(type: string): readonly Readonly<Record<string, unknown>>[] {
    return instancesOf(this.stack.state, type);
  }

  /** What several checks want to know is asked once, and each has the same answer, or the same failure. */
  once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.shared.get(key) as Promise<T> | undefined;
    const asked = known ?? ask();
    this.shared.set(key, asked);
    return asked;
  }

  /**
   * Looks again and again until there is something, or the time is over.
   * @returns undefined where the time is over
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

  /** Says what is to be removed when the run ends, however it ends; what was added last goes first. */
  removeLater(what: string, run: () => Promise<unknown>): void {
    this.cleanups.push({ what, run });
  }

  /** @returns what could not be removed, and why */
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

  /** @throws UncheckedError on a laptop, with what the emulator lacks */
  onAwsAlone(lack: string): void {
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
