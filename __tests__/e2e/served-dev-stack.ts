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

  static async start(): Promise<ServedDevStack> {
    const clone = await copyWithDevStack();
    const launcher = new Launcher(clone.folder);
    await launcher.waitFor(/Ctrl-C stops it/, 120);
    return new ServedDevStack(clone, launcher);
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

  /** Runs `npm run local -- npm run <name> -- <arguments>`. Does not throw if it fails. */
  npm(name: string, ...commandArguments: string[]): Promise<CommandResult> {
    return this.local("npm", "run", "--silent", name, "--", ...commandArguments);
  }

  async stop(): Promise<void> {
    await this.launcher.interrupt();
    expect(processesOf(this.folder)).toEqual([]);
    this.clone.remove();
  }
}
