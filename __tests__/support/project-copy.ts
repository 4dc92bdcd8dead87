import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** What a clone does not have. */
const notInClone = new Set(["node_modules", ".git", ".local", "cdktf.out", "cdktf.log", "coverage"]);

/** The project as a fresh clone has it, in a temporary folder. */
export class ProjectCopy {
  readonly folder: string;

  constructor(name = "copy") {
    this.folder = path.join(realpathSync(mkdtempSync(path.join(os.tmpdir(), "serverless-app-"))), name);
    cpSync(process.cwd(), this.folder, {
      recursive: true,
      filter: (source) => !notInClone.has(path.relative(process.cwd(), source)),
    });
  }

  /** Spares the half minute that npm takes, where the installation is not what is tested. */
  linkDependencies(): this {
    symlinkSync(path.resolve("node_modules"), path.join(this.folder, "node_modules"));
    return this;
  }

  remove(): void {
    rmSync(path.dirname(this.folder), { recursive: true, force: true });
  }
}
