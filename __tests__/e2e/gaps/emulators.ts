import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Emulator } from "../../../packages/laptop/emulator";
import { allGaps } from "../../../packages/laptop/gaps/all-gaps";
import { reportTo } from "../../../packages/laptop/gaps/shared/report";
import { Gateway } from "../../../packages/laptop/gateway/gateway";
import { lambdaRuntimeFolder } from "../../../packages/laptop/set-up/tools";

export const region = "eu-west-1";
export const account = "000000000000";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** What the SDK's clients need. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: typeof credentials;
}

/** One emulator that can be called in two ways: directly, and through the gateway. */
export class Emulators {
  private readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "gaps-")));
  private readonly running = path.join(this.folder, "running");
  private readonly logs = path.join(this.folder, "log");
  /** Where the emulator writes its state when it is asked to. */
  readonly snapshot = path.join(this.folder, "snapshot");
  private readonly report = reportTo(this.logs);
  readonly gateway = new Gateway(this.report);
  private emulator: Emulator | undefined;
  private gatewayPort = 0;
  private emulatorPort = 0;

  /** Calls MiniStack itself. */
  get bare(): ClientConfig {
    return configOf(this.emulatorPort);
  }

  /** Calls the gateway. */
  get withGaps(): ClientConfig {
    return configOf(this.gatewayPort);
  }

  async start(): Promise<void> {
    this.gatewayPort = await this.gateway.listen(0);
    this.renewGaps();
    await this.startEmulator();
  }

  /** Replaces the gaps by new ones, as after a restart. */
  renewGaps(): void {
    const { gateway, gatewayPort: port, report, running } = this;
    gateway.setGaps((account) =>
      allGaps({ account, port, emulatorPort: () => gateway.emulatorPort, region, report, running }),
    );
  }

  async restartEmulator(): Promise<void> {
    await this.gateway.settle();
    this.gateway.forwardTo(undefined);
    await this.emulator?.stop();
    await this.startEmulator();
  }

  async stop(): Promise<void> {
    await this.gateway.settle();
    await this.gateway.close();
    await this.emulator?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startEmulator(): Promise<void> {
    this.emulator = await Emulator.start({
      publicPort: this.gatewayPort,
      lambdaRuntime: lambdaRuntimeFolder(),
      folders: {
        running: this.running,
        snapshot: this.snapshot,
        temporary: path.join(this.folder, "tmp"),
        logs: this.logs,
      },
      startOver: "delete its folder",
    });
    this.emulatorPort = this.emulator.port;
    this.gateway.forwardTo(this.emulator.port);
  }
}

/**
 * Starts an emulator before the tests of a gap and stops it after them. The tests make the same calls in both ways: those
 * to the bare emulator fail once MiniStack does what the gap adds.
 */
export function useEmulators(): Emulators {
  const emulators = new Emulators();
  beforeAll(() => emulators.start());
  afterAll(() => emulators.stop());
  return emulators;
}

/** @throws Error if the emulator itself does what the gap adds */
export function expectGap(closed: boolean, gap: string): void {
  if (closed) throw new Error(`MiniStack now does this itself: remove the gap packages/laptop/gaps/${gap}`);
}

/** A signature that names the service and the Region. The emulator does not verify it. */
export function scopeOf(service: string): string {
  const credential = `Credential=test/20260101/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`;
}

function configOf(port: number): ClientConfig {
  return { endpoint: `http://127.0.0.1:${port}`, region, credentials };
}
