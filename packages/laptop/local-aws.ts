import path from "node:path";
import { say } from "../terminal/progress";
import { defaultAccount } from "./account";
import { BackgroundSaving } from "./background-saving";
import {
  CheckpointLostError,
  type CheckpointStore,
  type Deployment,
  type SavedCheckpoint,
} from "./checkpoint";
import { type Denial, Denials } from "./denial";
import { Emulator, type WorkFolders } from "./emulator";
import { folders as defaultFolders } from "./folders";
import { allGaps, knownAccounts } from "./gaps/all-gaps";
import type { Ask } from "./gaps/shared/acting";
import { reportTo } from "./gaps/shared/report";
import { TracedRequests } from "./gaps/x-ray/traced-requests";
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
  /** Whether IAM decides who may do what, and signatures are checked. @default true */
  readonly iam?: boolean;
  /** Called for each call that IAM denies, but at most once a minute for the same one. @default gateway.log has them all */
  readonly onDenied?: (denial: Denial) => void;
}

type Resolved = LocalAwsProps &
  Required<Pick<LocalAwsProps, "folders" | "startOver" | "iam">> & { readonly denials: Denials };

/** AWS on a laptop: the emulator, the gateway in front of it, and the state that they keep between starts. */
export class LocalAws {
  private stopping = false;
  private background: BackgroundSaving | undefined;
  private crashed: (how: string) => void = () => {};
  private changed: () => void = () => {};
  /** Whether there may be changes that are not saved. */
  private unsaved = false;

  private constructor(
    private readonly gateway: Gateway,
    private emulator: Emulator,
    private readonly checkpoints: CheckpointStore,
    private readonly props: Resolved,
    readonly port: number,
    private saved: SavedCheckpoint | undefined,
  ) {
    gateway.onChange = () => this.setUnsaved();
    this.watch();
  }

  /** What was deployed at the last checkpoint. */
  get deployment(): Deployment | undefined {
    return this.saved?.deployment;
  }

  /** What is lost if this process is killed now, as a sentence for the user. */
  get ifKilled(): string {
    return this.unsaved ? lossSince(this.saved) : "nothing is lost";
  }

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
    const { region, models, onRefusal } = props;
    const { hasUnsaved } = checkpoints;
    const checkpoint = await checkpoints.restore().catch((error: unknown) => {
      if (!(error instanceof CheckpointLostError)) throw error;
      say(`· the saved state cannot be used (${error.message}): starting with an empty emulator`);
      return undefined;
    });
    if (hasUnsaved) say(`! the last run did not save its state: ${lossSince(checkpoint)}`);
    checkpoints.markSaved();
    const gateway = new Gateway(report);
    const port = await gateway.listen(checkpoint?.port ?? 0, startOver);
    const { running } = checkpoints;
    const emulatorPort = () => gateway.emulatorPort;
    const ask: Ask = (question, body) => gateway.ask(question, body);
    const shared = { port, emulatorPort, region, report, requests, ask, running, models, onRefusal };
    gateway.setGaps(
      (account) => allGaps({ ...shared, account }),
      [defaultAccount, ...knownAccounts(running)],
    );
    const emulator = await startEmulator(port, checkpoints, props);
    const laptop = new LocalAws(gateway, emulator, checkpoints, props, port, checkpoint);
    gateway.forwardTo(emulator.port);
    return laptop;
  }

  /**
   * From now on, saves the state while it is served, at most `everySeconds` after a change. If the last save was slow,
   * the next one follows later, so that saving takes at most a tenth of the time. Requests do not wait for it. Tells
   * the user when saving fails, and when it works again. Only on Linux: macOS does not support the fork that the emulator
   * makes for it ("os.fork" in Python's library reference).
   * @param everySeconds 1 or more
   * @param changed called whenever {@link ifKilled} has changed, even where nothing is saved
   */
  saveWhileServing(everySeconds: number, changed: () => void): void {
    this.changed = changed;
    if (process.platform !== "linux") return;
    this.background = new BackgroundSaving(everySeconds, {
      changes: () => this.gateway.changes,
      loss: () => this.ifKilled,
      save: async (signal) => {
        await this.requireSpace();
        const since = new Date();
        const { changes } = this.gateway;
        if (!(await this.emulator.takeSnapshot(signal))) return false;
        this.saved = await this.checkpoints.saveSnapshot(this.checkpoint(this.deployment), since);
        if (this.gateway.changes === changes) this.setSaved();
        changed();
        return true;
      },
    });
  }

  /**
   * Saves the emulator's state and what is deployed in it. For about a second, while the emulator restarts, requests
   * get a 503.
   */
  async saveCheckpoint(deployment: Deployment): Promise<void> {
    await this.stopEmulator(deployment);
    this.stopping = false;
    this.emulator = await startEmulator(this.port, this.checkpoints, this.props);
    this.watch();
    this.gateway.forwardTo(this.emulator.port);
  }

  /** @throws UserError if the disk has no space for the state */
  async requireSpace(): Promise<void> {
    await this.checkpoints.requireSpace();
  }

  /** Stops, and saves the current state. @throws UserError if it cannot be saved */
  async stop(): Promise<void> {
    await this.stopEmulator(this.deployment);
    await this.closeGateway();
  }

  /** Stops immediately, without saving anything. */
  async abandon(): Promise<void> {
    this.stopping = true;
    this.gateway.forwardTo(undefined);
    this.emulator.kill();
    await this.background?.end();
    await this.gateway.close();
  }

  /** Calls the listener if the emulator ends without having been stopped. Tells it the signal or exit code. */
  onCrash(listener: (how: string) => void): void {
    this.crashed = listener;
  }

  private watch(): void {
    this.emulator.onExit((how) => this.stopping || this.crashed(how));
  }

  /** What goes wrong here cannot harm the state, which is saved. */
  private async closeGateway(): Promise<void> {
    try {
      await this.gateway.close();
    } catch (error) {
      say(`! the gateway could not be closed: ${(error as Error).message}`);
    }
  }

  private setUnsaved(): void {
    if (this.unsaved) return;
    this.unsaved = true;
    this.checkpoints.markUnsaved();
    this.changed();
  }

  private setSaved(): void {
    this.unsaved = false;
    this.checkpoints.markSaved();
  }

  private checkpoint(deployment: Deployment | undefined) {
    return { port: this.port, deployment };
  }

  private async stopEmulator(deployment: Deployment | undefined): Promise<void> {
    this.stopping = true;
    await this.background?.end();
    await this.gateway.settle();
    this.gateway.forwardTo(undefined);
    for (const lost of await this.emulator.stop()) say(`! an object was lost: ${lost}`);
    this.saved = await this.checkpoints.save(this.checkpoint(deployment));
    this.setSaved();
  }
}

/** For the end of a sentence, without the full stop. */
function lossSince(saved: SavedCheckpoint | undefined): string {
  if (!saved) return "everything it changed is lost";
  return `changes after ${new Date(saved.savedAt).toLocaleString("sv")} are lost`;
}

function startEmulator(port: number, checkpoints: CheckpointStore, props: Resolved): Promise<Emulator> {
  const { lambdaRuntime, folders, startOver, iam, denials } = props;
  const { running, snapshot } = checkpoints;
  return Emulator.start({
    publicPort: port,
    lambdaRuntime,
    folders: { ...folders, running, snapshot },
    startOver,
    iam,
    onDenied: (line) => void denials.add(line),
  });
}
