import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One `npm start` in a folder, as a user has it in a terminal. */
export class Launcher {
  output = "";
  private readonly child: ChildProcess;

  constructor(
    readonly folder: string,
    options: { readonly arguments?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
  ) {
    // What `npm start` runs; npm itself would only pass the signals on.
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

  /** @returns the match @throws Error with all output, where it does not come in time or the launcher ends before */
  async waitFor(pattern: RegExp, seconds: number): Promise<RegExpExecArray> {
    const found = await poll(
      () => pattern.exec(this.output) ?? (this.hasEnded() ? "ended" : undefined),
      seconds,
    );
    // What came with the last chunk counts, too.
    const match = pattern.exec(this.output);
    if (match) return match;
    throw new Error(
      `${found ? "the launcher ended" : `${seconds} s have passed`} without ${pattern}:\n${this.output}`,
    );
  }

  /** Kills the launcher alone, as the kernel or an impatient user would. */
  async killOutright(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended(5);
  }

  /** @returns its exit code */
  async interrupt(seconds = 60): Promise<number | null> {
    this.child.kill("SIGINT");
    return this.ended(seconds);
  }

  async ended(seconds: number): Promise<number | null> {
    if (!this.hasEnded()) {
      const timer = setTimeout(() => this.child.kill("SIGKILL"), seconds * 1000);
      await once(this.child, "exit");
      clearTimeout(timer);
    }
    return this.child.exitCode;
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/**
 * Process ids and commands of all that was started from a folder and still runs. Linux's /proc alone tells.
 * @param local below the folder. @default that of npm start
 */
export function processesOf(folder: string, local = ".local"): string[] {
  const marker = `LOCAL_AWS_RUN=${path.join(folder, local)}\0`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(marker))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`);
}

/** Waits for a condition. @returns its value, or undefined where it did not come true in time */
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
