import { appendFileSync } from "node:fs";
import path from "node:path";

/** What one suite took, and which deployment it used: a line of JSON in the file that TEST_USAGE names. */
export type SuiteUsage =
  | {
      /** Relative to __tests__. */
      readonly suite: string;
      readonly seconds: number;
      /** Of the suite and of the commands that it ran and that have ended. Only Linux tells the latter. */
      readonly cpuSeconds: number;
    }
  | { readonly suite: string; readonly deployment: string };

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
