import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Gives the run's suites a folder for what they share: see shared-deployment.ts. */
export default function createRunFolder(): void {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "e2e-run-")));
  process.env.E2E_RUN_FOLDER = folder;
  // A quarter less of Terraform's CPU time, most of which is its provider's schema; a few per cent more memory.
  process.env.GOGC ??= "400";
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
}
