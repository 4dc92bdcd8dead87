import { appendFileSync } from "node:fs";
import path from "node:path";
import type { SuiteUsage } from "../../scripts/test/suite-usage";

export function tellUsage(usage: SuiteUsage): void {
  if (process.env.TEST_USAGE) appendFileSync(process.env.TEST_USAGE, `${JSON.stringify(usage)}\n`);
}

/** Called by a suite, or for it by what deploys. */
export function tellDeployment(deployment: string): void {
  tellUsage({ suite: suiteOf(expect.getState().testPath ?? ""), deployment });
}

export function suiteOf(testPath: string): string {
  return path.relative(path.resolve("__tests__"), testPath);
}
