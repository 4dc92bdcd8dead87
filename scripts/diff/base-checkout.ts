import { readFile, realpath, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "../../packages/terminal/run-command";
import { git } from "./git";

/** A commit of this project in a separate folder: a git worktree. */
export class BaseCheckout {
  constructor(readonly folder: string) {}

  /** Checks it out. If its lock file equals this checkout's, it shares this checkout's node_modules. */
  async create(commit: string): Promise<void> {
    await this.remove();
    await git(
      `${commit} could not be checked out in ${this.folder}`,
      "worktree",
      "add",
      "--detach",
      this.folder,
      commit,
    );
    if (await this.hasSameDependencies()) {
      await symlink(await realpath("node_modules"), path.join(this.folder, "node_modules"));
    }
  }

  /** Also removes what an earlier run left behind when it was killed. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
    await runCommand("git", ["worktree", "prune"]);
  }

  private async hasSameDependencies(): Promise<boolean> {
    const [here, there] = await Promise.all(
      [".", this.folder].map((folder) =>
        readFile(path.join(folder, "package-lock.json"), "utf8").catch(() => undefined),
      ),
    );
    return here !== undefined && here === there;
  }
}
