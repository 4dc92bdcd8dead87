import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { ReportDetail } from "../../packages/terminal/progress";
import { mustRun } from "../../packages/terminal/run-command";

/** Synthesizes a checkout of this project. @returns the names of its stacks, each a folder in `<outdir>/stacks` */
export async function synthesize(
  checkout: string,
  outdir: string,
  what: string,
  report?: ReportDetail,
): Promise<readonly string[]> {
  await rm(outdir, { recursive: true, force: true });
  await mustRun(process.execPath, ["scripts/run.mjs", "main.ts"], {
    cwd: checkout,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    ...(report && { onLine: report }),
    failure: `synthesizing ${what} failed:`,
  });
  return readdir(path.join(outdir, "stacks"));
}
