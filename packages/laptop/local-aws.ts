import path from "node:path";
import { say } from "../terminal/progress";
import { CheckpointLostError, type CheckpointStore, type Deployment } from "./checkpoint";
import { type Denial, Denials } from "./denial";
import { Emulator, type WorkFolders } from "./emulator";
import { folders as defaultFolders } from "./folders";
import { allGaps } from "./gaps/all-gaps";
import type { Ask } from "./gaps/shared/acting";
import { reportTo } from "./gaps/shared/report";
import { TracedRequests } from "./gaps/x-ray/traced-requests";
import { Gateway } from "./gateway/gateway";

export interface LocalAwsProps {
  /** The folder of the `node` that runs functions; {@link setUp} installs it. */
  readonly lambdaRuntime: string;
  /** The Region of unsigned requests. */
  readonly region: string;
  /** @default `.local/tmp` and `.local/log` */
  readonly folders?: WorkFolders;
  /**
   * How to start without the saved state, as an instruction for error messages.
   * @default "delete <the checkpoints' folder>"
   */
  readonly startOver?: string;
  /** Whether IAM decides who may do what, and signatures are checked. @default true */
  readonly iam?: boolean;
  /** Called for each call that IAM denies, but at most once a minute for the same one. @default gateway.log has them all */
  readonly onDenied?: (denial: Denial) => void;
}

type Resolved = Required<Omit<LocalAwsProps, "onDenied">> & { readonly denials: Denials };

/** AWS on a laptop: the emulator, the gateway in front of it, and the state that they keep between starts. */
export class LocalAws {
  private stopping = false;

  private constructor(
    private readonly gateway: Gateway,
    private emulator: Emulator,
    private readonly checkpoints: CheckpointStore,
    private readonly props: Resolved,
    readonly port: number,
    /** What was deployed at the last checkpoint. */
    public deployment: Deployment | undefined,
  ) {}

  /** Starts from the last checkpoint, or empty if there is none or it is lost or damaged. */
  static async start(
    checkpoints: CheckpointStore,
    {
      folders = defaultFolders,
      startOver = `delete ${path.relative(".", checkpoints.folder)}`,
      iam = true,
      onDenied,
      ...given
    }: LocalAwsProps,
  ): Promise<LocalAws> {
    const report = reportTo(folders.logs);
    const requests = new TracedRequests();
    const denials = new Denials(
      (trace) => requests.find(trace),
      (denial) => {
        void report("denied", denial.message);
        onDenied?.(denial);
      },
    );
    const props: Resolved = { ...given, folders, startOver, iam, denials };
    const { region } = props;
    const checkpoint = await checkpoints.restore().catch((error: unknown) => {
      if (!(error instanceof CheckpointLostError)) throw error;
      say(`· the saved state cannot be used (${error.message}): starting with an empty emulator`);
      return undefined;
    });
    const gateway = new Gateway(report);
    const port = await gateway.listen(checkpoint?.port ?? 0, startOver);
    const ask: Ask = (question, body) => gateway.ask(question, body);
    gateway.setGaps(allGaps({ port, region, report, requests, ask, running: checkpoints.running }));
    const emulator = await startEmulator(port, checkpoints, props);
    gateway.forwardTo(emulator.port);
    return new LocalAws(gateway, emulator, checkpoints, props, port, checkpoint?.deployment);
  }

  /**
   * Saves the emulator's state and what is deployed in it. For about a second, while the emulator restarts, requests
   * get a 503.
   */
  async saveCheckpoint(deployment: Deployment): Promise<void> {
    this.deployment = deployment;
    await this.stopEmulator();
    this.stopping = false;
    this.emulator = await startEmulator(this.port, this.checkpoints, this.props);
    this.gateway.forwardTo(this.emulator.port);
  }

  /** Stops, and saves the current state. */
  async stop(): Promise<void> {
    await this.stopEmulator();
    await this.gateway.close();
  }

  /** Stops immediately, without saving anything. */
  async abandon(): Promise<void> {
    this.stopping = true;
    this.gateway.forwardTo(undefined);
    this.emulator.kill();
    await this.gateway.close();
  }

  /** Calls the listener if the emulator ends without having been stopped. */
  onCrash(listener: () => void): void {
    this.emulator.onExit(() => this.stopping || listener());
  }

  private async stopEmulator(): Promise<void> {
    this.stopping = true;
    await this.gateway.settle();
    this.gateway.forwardTo(undefined);
    await this.emulator.stop();
    await this.checkpoints.save({ port: this.port, deployment: this.deployment });
  }
}

function startEmulator(port: number, checkpoints: CheckpointStore, props: Resolved): Promise<Emulator> {
  const { lambdaRuntime, folders, startOver, iam, denials } = props;
  const { running } = checkpoints;
  return Emulator.start({
    publicPort: port,
    lambdaRuntime,
    folders: { ...folders, running },
    startOver,
    iam,
    onDenied: (line) => void denials.add(line),
  });
}
