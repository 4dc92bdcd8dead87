import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Creates a folder that the run's suites share. shared-deployment.ts uses it. */
export default function createRunFolder(): void {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "e2e-run-")));
  process.env.E2E_RUN_FOLDER = folder;
  // Fewer garbage collections: Terraform takes a quarter less CPU time, most of it for its provider's schema, and a few
  // per cent more memory.
  process.env.GOGC ??= "400";
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
}
