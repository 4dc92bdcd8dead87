import { appendFileSync } from "node:fs";
import path from "node:path";
import type { SuiteUsage } from "../../scripts/test/suite-usage";

export function recordUsage(usage: SuiteUsage): void {
  if (process.env.TEST_USAGE) appendFileSync(process.env.TEST_USAGE, `${JSON.stringify(usage)}\n`);
}

/** Called by a suite, or for it by what deploys. */
export function recordDeployment(deployment: string): void {
  recordUsage({ suite: suiteOf(expect.getState().testPath ?? ""), deployment });
}

/** The suite's path in __tests__, and the engine if it is not cdktf. */
export function suiteOf(testPath: string): string {
  const suite = path.relative(path.resolve("__tests__"), testPath);
  return process.env.ENGINE_MODULES ? `${suite} (cdktn)` : suite;
}
