import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Not part of a fresh clone. */
const notInClone = new Set(["node_modules", ".git", ".local", "cdktf.out", "cdktf.log", "coverage"]);

/** The project in a temporary folder, as in a fresh clone. */
export class ProjectCopy {
  readonly folder: string;

  constructor(name = "copy") {
    this.folder = path.join(realpathSync(mkdtempSync(path.join(os.tmpdir(), "project-copy-"))), name);
    cpSync(process.cwd(), this.folder, {
      recursive: true,
      filter: (source) => !notInClone.has(path.relative(process.cwd(), source)),
    });
  }

  /** Saves the half minute that npm takes, for tests that are not about the installation. */
  linkDependencies(): this {
    symlinkSync(path.resolve("node_modules"), path.join(this.folder, "node_modules"));
    return this;
  }

  remove(): void {
    rmSync(path.dirname(this.folder), { recursive: true, force: true });
  }
}
