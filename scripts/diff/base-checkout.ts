import { readFile, realpath, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "../../packages/terminal/run-command";
import { git } from "./git";

/** A commit of this project in a folder of its own, beside what is checked out. */
export class BaseCheckout {
  constructor(readonly folder: string) {}

  /** Checks it out; what it has installed is this checkout's own, where both have one lock file. */
  async create(commit: string): Promise<void> {
    await this.remove();
    await git(
      `${commit} cannot be checked out in ${this.folder}`,
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

  /** Also what an earlier run that was killed has left behind. */
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
