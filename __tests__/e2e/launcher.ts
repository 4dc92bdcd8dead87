import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Runs `npm start` in a folder, as a user does in a terminal. */
export class Launcher {
  output = "";
  private readonly child: ChildProcess;

  constructor(
    readonly folder: string,
    options: { readonly arguments?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
  ) {
    // The command behind `npm start`. npm itself would only forward the signals.
    const command = ["scripts/supervise.mjs", "scripts/start.ts", ...(options.arguments ?? [])];
    this.child = spawn(process.execPath, command, {
      cwd: folder,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const read = (chunk: Buffer) => {
      this.output += chunk;
    };
    this.child.stdout?.on("data", read);
    this.child.stderr?.on("data", read);
  }

  /** @returns the match @throws Error with all output, if there is no match in time or before the launcher exits */
  async waitFor(pattern: RegExp, seconds: number): Promise<RegExpExecArray> {
    const found = await poll(
      () => pattern.exec(this.output) ?? (this.hasExited() ? "exited" : undefined),
      seconds,
    );
    // The match may be in output that arrived just before the exit.
    const match = pattern.exec(this.output);
    if (match) return match;
    throw new Error(
      `${found ? "the launcher exited" : `${seconds} s passed`} without ${pattern} in its output:\n${this.output}`,
    );
  }

  /** Kills only the launcher, as the kernel or an impatient user would. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited(5);
  }

  /** Sends a signal, and does not wait. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends Ctrl-C. @returns the exit code */
  async interrupt(seconds = 60): Promise<number | null> {
    this.child.kill("SIGINT");
    return this.exited(seconds);
  }

  /** Waits for the launcher to exit, and kills it if it does not exit in time. @returns the exit code */
  async exited(seconds: number): Promise<number | null> {
    if (!this.hasExited()) {
      const timer = setTimeout(() => this.child.kill("SIGKILL"), seconds * 1000);
      await once(this.child, "exit");
      clearTimeout(timer);
    }
    return this.child.exitCode;
  }

  private hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/**
 * Lists the processes that were started from a folder and still run, each by id and command. Reads /proc, so it works
 * on Linux only.
 * @param local where the starting command keeps its files, relative to the folder. @default that of `npm start`
 */
export function processesOf(folder: string, local = ".local"): string[] {
  const variable = `LOCAL_AWS_RUN=${path.join(folder, local)}\0`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(variable))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`);
}

/** Waits for a condition. @returns its value, or undefined if it did not become true in time */
export async function poll<T>(condition: () => T | undefined, seconds: number): Promise<T | undefined> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
