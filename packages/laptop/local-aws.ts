import { say } from "../terminal/progress";
import { CheckpointLostError, type CheckpointStore, type Deployment } from "./checkpoint";
import { Emulator, type EmulatorFolders } from "./emulator";
import { allGaps } from "./gaps/all-gaps";
import { Gateway } from "./gateway";

export interface LocalAwsProps {
  /** Folder of the `node` that runs functions. */
  readonly lambdaRuntime: string;
  /** Of requests that no signature gives one. */
  readonly region: string;
  /** Where it keeps its things while it runs, as its checkpoints have it. @default those of npm start */
  readonly folders?: EmulatorFolders;
}

/** AWS on this laptop: the emulator, the gateway in front of it, and the state that they keep between starts. */
export class LocalAws {
  private stopping = false;

  private constructor(
    private readonly gateway: Gateway,
    private emulator: Emulator,
    private readonly checkpoints: CheckpointStore,
    private readonly props: { readonly lambdaRuntime: string; readonly folders: EmulatorFolders | undefined },
    readonly port: number,
    /** What is deployed, as of the last checkpoint. */
    public deployment: Deployment | undefined,
  ) {}

  /** Starts it from the last checkpoint, or empty where there is none, or where it is lost or damaged. */
  static async start(
    checkpoints: CheckpointStore,
    { lambdaRuntime, region, folders }: LocalAwsProps,
  ): Promise<LocalAws> {
    const checkpoint = await checkpoints.restore().catch((error: unknown) => {
      if (!(error instanceof CheckpointLostError)) throw error;
      say(`· the saved state cannot be used (${error.message}): everything is deployed afresh`);
      return undefined;
    });
    const gateway = new Gateway();
    const port = await gateway.listen(checkpoint?.port ?? 0);
    gateway.fill(allGaps({ port, region, ...(folders && { running: folders.running }) }));
    const emulator = await Emulator.start({ publicPort: port, lambdaRuntime, ...(folders && { folders }) });
    gateway.forwardTo(emulator.port);
    return new LocalAws(
      gateway,
      emulator,
      checkpoints,
      { lambdaRuntime, folders },
      port,
      checkpoint?.deployment,
    );
  }

  /** Records what is deployed, and all else that the emulator holds. It answers 503 for the second that this takes. */
  async saveCheckpoint(deployment: Deployment): Promise<void> {
    this.deployment = deployment;
    await this.stopEmulator();
    this.stopping = false;
    const { lambdaRuntime, folders } = this.props;
    this.emulator = await Emulator.start({
      publicPort: this.port,
      lambdaRuntime,
      ...(folders && { folders }),
    });
    this.gateway.forwardTo(this.emulator.port);
  }

  /** Ends it and keeps its state as it is now. */
  async stop(): Promise<void> {
    await this.stopEmulator();
    await this.gateway.close();
  }

  /** Ends it at once: what it holds is of no use to anybody any more. */
  async abandon(): Promise<void> {
    this.stopping = true;
    this.gateway.forwardTo(undefined);
    this.emulator.kill();
    await this.gateway.close();
  }

  /** Called when the emulator ends without having been told to. */
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
