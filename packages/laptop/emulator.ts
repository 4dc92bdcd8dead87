import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { UserError } from "../terminal/user-error";
import { folders } from "./folders";
import { venvPython } from "./set-up/tools";

/** The emulator, a PyPI package: what its state on disk can be read by. Pinned in packages/laptop/set-up/requirements.in. */
export const emulatorVersion = "1.5.33";
/** Its application, with what it must know of a request that the gateway cannot tell it otherwise. */
const application = path.resolve("packages/laptop/traced-emulator/traced_emulator.py");
const startSeconds = 30;
/** Its state is written at its stop: a large one takes some seconds. */
const stopSeconds = 30;

export interface EmulatorProps {
  /** The gateway's port: the emulator names it wherever it gives out a URL, and its functions call it. */
  readonly publicPort: number;
  /** Folder of the `node` that runs functions. */
  readonly lambdaRuntime: string;
  /** @default those of npm start */
  readonly folders?: EmulatorFolders;
}

export interface EmulatorFolders {
  /** Its state: read at its start, written at its stop. */
  readonly running: string;
  /** Emptied at its start. */
  readonly temporary: string;
  readonly logs: string;
}

/** MiniStack on a loopback port of its own, with an environment of its own: functions inherit all of it. */
export class Emulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly logFile: string,
  ) {}

  /** @throws UserError with the end of its log, where it does not come up within 30 seconds */
  static async start(props: EmulatorProps): Promise<Emulator> {
    const { logs, temporary } = props.folders ?? folders;
    mkdirSync(logs, { recursive: true });
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    const port = await freePort();
    const logFile = path.join(logs, "emulator.log");
    const log = openSync(logFile, "w");
    // Not its own command, which would listen on the port that it gives out in URLs.
    const child = spawn(
      venvPython,
      ["-m", "hypercorn", `${application}:app`, "--bind", `127.0.0.1:${port}`, "--keep-alive", "75"],
      { stdio: ["ignore", log, log], env: environment(props), cwd: temporary },
    );
    const emulator = new Emulator(child, port, logFile);
    await emulator.ready();
    return emulator;
  }

  /**
   * Ends it in the way in which it writes its state.
   * @throws UserError where it did not end by itself, or could not write all of its state
   */
  async stop(): Promise<void> {
    if (this.hasEnded()) throw new UserError(`the emulator has ended by itself; see ${this.relativeLog()}`);
    this.child.kill("SIGTERM");
    const ended = await Promise.race([once(this.child, "exit"), delay(stopSeconds * 1000)]);
    if (!ended) {
      this.kill();
      throw new UserError(
        `the emulator did not stop within ${stopSeconds} seconds; see ${this.relativeLog()}`,
      );
    }
    const failure = /Persistence: (?:failed to save|error getting state).*/.exec(
      readFileSync(this.logFile, "utf8"),
    );
    if (failure)
      throw new UserError(
        `the emulator could not write its state (${failure[0]}); see ${this.relativeLog()}`,
      );
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** Called once when it ends, asked or not. */
  onExit(listener: () => void): void {
    this.child.once("exit", listener);
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private relativeLog(): string {
    return path.relative(process.cwd(), this.logFile);
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + startSeconds * 1000;
    while (Date.now() < deadline && !this.hasEnded()) {
      if (await isHealthy(this.port)) return;
      await delay(50);
    }
    this.kill();
    const tail = readFileSync(this.logFile, "utf8").trimEnd().split("\n").slice(-5);
    throw new UserError(
      [
        `the emulator did not come up; npm start -- --reset starts over. The end of ${this.relativeLog()}:`,
        ...tail,
      ].join("\n  "),
    );
  }
}

function environment({
  publicPort,
  lambdaRuntime,
  folders: own = folders,
}: EmulatorProps): NodeJS.ProcessEnv {
  return {
    HOME: own.temporary,
    LANG: "C.UTF-8",
    PATH: `${lambdaRuntime}:/usr/bin:/bin`,
    TMPDIR: own.temporary,
    // By it scripts/supervise.mjs finds what a crash has left behind.
    ...(process.env.SERVERLESS_APP_LOCAL && { SERVERLESS_APP_LOCAL: process.env.SERVERLESS_APP_LOCAL }),
    PYTHONDONTWRITEBYTECODE: "1",
    MINISTACK_HOST: "127.0.0.1",
    GATEWAY_PORT: `${publicPort}`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${publicPort}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    // As X-Ray's daemon has it, one number for both protocols: packages/laptop/gaps/x-ray/x-ray.ts listens there by UDP.
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${publicPort}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    // Lambda waits a minute, then two, before it retries an asynchronous invocation.
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: "0.05",
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    PERSIST_STATE: "1",
    STATE_DIR: path.join(own.running, "services"),
    S3_PERSIST: "1",
    S3_DATA_DIR: path.join(own.running, "s3"),
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

async function freePort(): Promise<number> {
  const server = net.createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Keeps no process alive: the emulator's own does, as long as it runs. */
function delay(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined).unref());
}
