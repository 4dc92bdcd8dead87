import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  CreateRoleCommand,
  EntityAlreadyExistsException,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { Denial } from "../../../packages/laptop/denial";
import { Emulator } from "../../../packages/laptop/emulator";
import { allGaps } from "../../../packages/laptop/gaps/all-gaps";
import type { Ask } from "../../../packages/laptop/gaps/shared/acting";
import { reportTo } from "../../../packages/laptop/gaps/shared/report";
import { TracedRequests } from "../../../packages/laptop/gaps/x-ray/traced-requests";
import { Gateway } from "../../../packages/laptop/gateway/gateway";
import { lambdaRuntimeFolder } from "../../../packages/laptop/set-up/tools";

export const region = "eu-west-1";
export const account = "000000000000";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** What the SDK's clients need. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
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
  /** The calls that IAM has denied. */
  readonly denied: Denial[] = [];
  private emulator: Emulator | undefined;
  private gatewayPort = 0;
  private emulatorPort = 0;

  /** @param iam whether IAM decides who may do what */
  constructor(private readonly iam = true) {}

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
    await createRole(this.bare);
  }

  /** Replaces the gaps by new ones, as after a restart. */
  renewGaps(): void {
    const { gateway, gatewayPort: port, report, running } = this;
    const emulatorPort = () => gateway.emulatorPort;
    const ask: Ask = (question, body) => gateway.ask(question, body);
    const requests = new TracedRequests();
    gateway.setGaps((account) =>
      allGaps({ account, port, emulatorPort, region, report, running, ask, requests }),
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
      iam: this.iam,
      onDenied: (line) => this.denied.push(JSON.parse(line)),
    });
    this.emulatorPort = this.emulator.port;
    this.gateway.forwardTo(this.emulator.port);
  }
}

/**
 * Starts an emulator before the tests of a gap and stops it after them. The tests make the same calls in both ways: those
 * to the bare emulator fail once MiniStack does what the gap adds.
 */
export function useEmulators(iam = true): Emulators {
  const emulators = new Emulators(iam);
  beforeAll(() => emulators.start());
  afterAll(() => emulators.stop());
  return emulators;
}

/** @throws Error if the emulator itself does what the gap adds */
export function expectGap(closed: boolean, gap: string): void {
  if (closed) throw new Error(`MiniStack now does this itself: remove the gap packages/laptop/gaps/${gap}`);
}

/** Creates the role `gaps`, which every service may assume and which may do everything. */
async function createRole(config: ClientConfig): Promise<void> {
  const iam = new IAMClient(config);
  const everything = { Effect: "Allow", Action: "*", Resource: "*" };
  const services = ["lambda", "firehose", "scheduler", `logs.${region}`].map(
    (name) => `${name}.amazonaws.com`,
  );
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: services, AWS: account } };
  const role = { RoleName: "gaps", AssumeRolePolicyDocument: JSON.stringify(policy(trust)) };
  await iam.send(new CreateRoleCommand(role)).catch((error: unknown) => {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  });
  const PolicyDocument = JSON.stringify(policy(everything));
  await iam.send(new PutRolePolicyCommand({ RoleName: "gaps", PolicyName: "everything", PolicyDocument }));
}

function policy(...statements: readonly object[]): object {
  return { Version: "2012-10-17", Statement: statements };
}

function configOf(port: number): ClientConfig {
  return { endpoint: `http://127.0.0.1:${port}`, region, credentials };
}
