import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { commandEnvironment, type EmulatorEnvironment } from "../../packages/laptop/environment";
import type { ProjectCopy } from "../support/project-copy";
import { run } from "./deployment";
import { Launcher, processesOf } from "./launcher";
import { copyWithDevStack } from "./shared-deployment";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm start` in a copy of the project in which dev-stack is deployed, and the commands that a user runs meanwhile. */
export class ServedDevStack {
  private constructor(
    private readonly clone: ProjectCopy,
    readonly launcher: Launcher,
  ) {}

  /** @param startArguments of `npm start` */
  static async start(...startArguments: readonly string[]): Promise<ServedDevStack> {
    const clone = await copyWithDevStack();
    const stack = new ServedDevStack(clone, new Launcher(clone.folder, { arguments: startArguments }));
    await stack.launcher.waitFor(/Ctrl-C stops it/, 120).catch(async (error) => {
      await stack.stop();
      throw error;
    });
    return stack;
  }

  get folder(): string {
    return this.clone.folder;
  }

  /** Runs `npm run local -- <command>`. Does not throw if it fails. */
  local(...command: string[]): Promise<CommandResult> {
    return run("npm", ["run", "--silent", "local", "--", ...command], this.folder).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (failed: CommandResult) => failed,
    );
  }

  /**
   * Runs the command of package.json that `npm run local -- npm run <name> -- <arguments>` leads to. Does not throw if it
   * fails. Neither npm nor `local` is started for it: twice both take a second of CPU time.
   */
  npm(name: string, ...commandArguments: string[]): Promise<CommandResult> {
    const { scripts } = JSON.parse(readFileSync(path.join(this.folder, "package.json"), "utf8"));
    const [node, ...command] = `${scripts[name]}`.split(" ");
    if (node !== "node") throw new Error(`npm run ${name} is no program of this project: ${scripts[name]}`);
    return promisify(execFile)(process.execPath, [...command, ...commandArguments], {
      cwd: this.folder,
      env: commandEnvironment(this.environment()),
      maxBuffer: 100_000_000,
    }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (failed: CommandResult) => failed,
    );
  }

  /** The variables that lead a command to this stack. */
  environment(): EmulatorEnvironment {
    return JSON.parse(readFileSync(path.join(this.folder, ".local/environment.json"), "utf8"));
  }

  async stop(): Promise<void> {
    await this.launcher.interrupt();
    const left = processesOf(this.folder);
    this.clone.remove();
    expect(left).toEqual([]);
  }
}
