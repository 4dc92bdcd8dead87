import { readFileSync } from "node:fs";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * What jest's --json says. A skipped test does not count as passed, and neither does a suite that could not run.
 * @param report where --outputFile wrote it
 */
export function jestTally(report: string, exitCode: number): Tally {
  try {
    const counts = JSON.parse(readFileSync(report, "utf8"));
    const failed =
      counts.numFailedTests + counts.numPendingTests + counts.numTodoTests + counts.numRuntimeErrorTestSuites;
    const counted = failed > 0 || exitCode === 0 ? failed : 1;
    return { passed: counts.numPassedTests, failed: counted };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
