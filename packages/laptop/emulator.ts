import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { UserError } from "../terminal/user-error";
import { packageFiles } from "./folders";
import { freePort } from "./free-port";
import { venvPython } from "./set-up/tools";

/** MiniStack's version, as in packages/laptop/set-up/requirements.in. Another version may not read its state on disk. */
export const emulatorVersion = "1.5.33";
const startSeconds = 30;
/** The emulator writes its state when it stops, which takes a few seconds if there is a lot of it. */
const stopSeconds = 30;
/** A little more than in patched-emulator/snapshots.py. */
const snapshotSeconds = 125;

/** Where the patched emulator writes a line for each denied call. */
const denialsDescriptor = 3;

export interface EmulatorProps {
  /** The gateway's port. The emulator puts it into URLs, and functions call it. */
  readonly publicPort: number;
  /** The folder of the `node` that runs functions. */
  readonly lambdaRuntime: string;
  readonly folders: EmulatorFolders;
  /** Whether IAM decides who may do what. Otherwise everybody may do everything. */
  readonly iam: boolean;
  /** Called with a line of JSON for each call that IAM denies. */
  readonly onDenied?: (line: string) => void;
  /** Tells the user how to start without the saved state. Shown if the emulator does not start. */
  readonly startOver: string;
}

export interface EmulatorFolders extends WorkFolders {
  /** The emulator's state: read when it starts, written when it stops. */
  readonly running: string;
  /** Where {@link Emulator.takeSnapshot} writes the state. Replaced each time. */
  readonly snapshot: string;
}

export interface WorkFolders {
  /** Emptied at each start. */
  readonly temporary: string;
  /** Gets emulator.log and gateway.log. */
  readonly logs: string;
}

/** MiniStack on a loopback port. Functions inherit its whole environment, so it gets none of the user's variables. */
export class Emulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly logFile: string,
  ) {}

  /** @throws UserError with the end of the log if the emulator does not start within 30 seconds */
  static async start(props: EmulatorProps): Promise<Emulator> {
    const { logs, temporary } = props.folders;
    mkdirSync(logs, { recursive: true });
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    const port = await freePort();
    const logFile = path.join(logs, "emulator.log");
    const log = openSync(logFile, "w");
    // MiniStack's own command would listen on the port that it puts into URLs, which is the gateway's.
    const child = spawn(
      venvPython,
      [
        "-m",
        "hypercorn",
        `${packageFiles.emulator}:app`,
        "--bind",
        `127.0.0.1:${port}`,
        "--keep-alive",
        "75",
        // In one process, so that it leaves no worker behind if it is killed.
        "--workers",
        "0",
      ],
      { stdio: ["ignore", log, log, "pipe"], env: environment(props), cwd: temporary },
    );
    const denials = createInterface({ input: child.stdio[denialsDescriptor] as Readable });
    denials.on("line", (line) => props.onDenied?.(line));
    const emulator = new Emulator(child, port, logFile);
    await emulator.ready(props.startOver);
    return emulator;
  }

  /**
   * Stops the emulator so that it writes its state.
   * @returns the messages about objects that it could not write when they were put, for example to a full disk
   * @throws UserError if it does not stop, or could not write all of the rest
   */
  async stop(): Promise<readonly string[]> {
    if (this.hasEnded()) throw new UserError(`the emulator has crashed: see ${this.relativeLog()}`);
    const { size: served } = statSync(this.logFile);
    this.child.kill("SIGTERM");
    const ended = await Promise.race([once(this.child, "exit"), delay(stopSeconds * 1000)]);
    if (!ended) {
      this.kill();
      throw new UserError(
        `the emulator did not stop within ${stopSeconds} seconds, so its state is not saved: see ${this.relativeLog()}`,
      );
    }
    const log = readFileSync(this.logFile);
    // Snapshots log the same messages while it serves.
    const stopped = log.subarray(served).toString();
    const [failure] = /Persistence: (?:failed to save|error getting state).*/.exec(stopped) ?? [];
    if (failure)
      throw new UserError(`the emulator could not write its state (${failure}): see ${this.relativeLog()}`);
    return log.toString().match(/Failed to persist S3 .*/g) ?? [];
  }

  /**
   * Writes the current state while the emulator keeps serving.
   * @param signal aborts the writing
   * @returns false if Terraform is changing something, and the state must be written later
   * @throws Error if the state cannot be written, or writing was aborted
   */
  async takeSnapshot(signal: AbortSignal): Promise<boolean> {
    const { status } = await fetch(`http://127.0.0.1:${this.port}/_snapshot`, {
      method: "POST",
      signal: AbortSignal.any([signal, AbortSignal.timeout(snapshotSeconds * 1000)]),
    });
    if (status === 409) return false;
    if (status === 200) return true;
    throw new Error(`the emulator could not save its state: see ${this.relativeLog()}`);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** Calls the listener once when the emulator ends, for whatever reason. Tells it the exit code or the signal. */
  onExit(listener: (how: string) => void): void {
    const tell = () => listener(this.child.signalCode ?? `exit code ${this.child.exitCode}`);
    if (this.hasEnded()) tell();
    else this.child.once("exit", tell);
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private relativeLog(): string {
    return path.relative(process.cwd(), this.logFile);
  }

  private async ready(startOver: string): Promise<void> {
    const deadline = Date.now() + startSeconds * 1000;
    while (Date.now() < deadline && !this.hasEnded()) {
      if (await isHealthy(this.port)) return;
      await delay(50);
    }
    this.kill();
    const tail = readFileSync(this.logFile, "utf8").trimEnd().split("\n").slice(-5);
    throw new UserError(
      [
        `the emulator did not start: try again, or ${startOver} to start without the saved state. The end of ${this.relativeLog()}:`,
        ...tail,
      ].join("\n  "),
    );
  }
}

function environment({ publicPort, lambdaRuntime, folders, iam }: EmulatorProps): NodeJS.ProcessEnv {
  return {
    HOME: folders.temporary,
    LANG: "C.UTF-8",
    PATH: `${lambdaRuntime}:/usr/bin:/bin`,
    TMPDIR: folders.temporary,
    // Lets whoever set it find the processes that a crash has left behind.
    ...(process.env.LOCAL_AWS_RUN && { LOCAL_AWS_RUN: process.env.LOCAL_AWS_RUN }),
    PYTHONDONTWRITEBYTECODE: "1",
    MINISTACK_HOST: "127.0.0.1",
    GATEWAY_PORT: `${publicPort}`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${publicPort}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    // The port number is the same for both protocols, as with X-Ray's daemon. gaps/x-ray/x-ray.ts listens on UDP.
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${publicPort}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    // Lambda waits one minute, then two, before it retries an asynchronous invocation.
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: "0.05",
    AUTH: `${iam}`,
    LAPTOP_DENIALS: `${denialsDescriptor}`,
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    PERSIST_STATE: "1",
    STATE_DIR: path.join(folders.running, "services"),
    S3_PERSIST: "1",
    S3_DATA_DIR: path.join(folders.running, "s3"),
    SNAPSHOT_DIR: folders.snapshot,
  };
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/_ministack/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** Does not keep this process alive; a running emulator does. */
function delay(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined).unref());
}
