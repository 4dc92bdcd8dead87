import path from "node:path";
import { say } from "../terminal/progress";
import { CheckpointLostError, type CheckpointStore, type Deployment } from "./checkpoint";
import { Emulator, type WorkFolders } from "./emulator";
import { folders as defaultFolders } from "./folders";
import { allGaps } from "./gaps/all-gaps";
import { reportTo } from "./gaps/shared/report";
import { Gateway } from "./gateway/gateway";
import type { RefusalListener } from "./service-models/service-models";

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
  /** Whether requests that break AWS's service models are refused, as on AWS. @default true */
  readonly models?: boolean;
  /** Called for each request that is refused for that reason. */
  readonly onRefusal?: RefusalListener;
}

type Resolved = LocalAwsProps & Required<Pick<LocalAwsProps, "folders" | "startOver">>;

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
      ...given
    }: LocalAwsProps,
  ): Promise<LocalAws> {
    const props: Resolved = { ...given, folders, startOver };
    const { region, models, onRefusal } = props;
    const checkpoint = await checkpoints.restore().catch((error: unknown) => {
      if (!(error instanceof CheckpointLostError)) throw error;
      say(`· the saved state cannot be used (${error.message}): starting with an empty emulator`);
      return undefined;
    });
    const report = reportTo(folders.logs);
    const gateway = new Gateway(report);
    const port = await gateway.listen(checkpoint?.port ?? 0, startOver);
    gateway.setGaps(allGaps({ port, region, report, running: checkpoints.running, models, onRefusal }));
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
  const { lambdaRuntime, folders, startOver } = props;
  const { running } = checkpoints;
  return Emulator.start({ publicPort: port, lambdaRuntime, folders: { ...folders, running }, startOver });
}
