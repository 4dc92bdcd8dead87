import { readFileSync } from "node:fs";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Titles of tests that say why they cannot run on this machine. */
  readonly skipped: readonly string[];
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * What jest's --json says. A suite that could not run has not passed, and neither has a test that was skipped, unless its
 * title says what this machine lacks: `(skipped: needs jq)`.
 * @param report where --outputFile wrote it
 */
export function jestTally(report: string, exitCode: number): Tally {
  try {
    const found: Report = JSON.parse(readFileSync(report, "utf8"));
    const pending = found.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === "pending")
      .map(({ fullName }) => fullName);
    const skipped = pending.filter((name) => /\(skipped: needs [^)]+\)/.test(name));
    const failed =
      found.numFailedTests +
      (pending.length - skipped.length) +
      found.numTodoTests +
      found.numRuntimeErrorTestSuites;
    return {
      passed: found.numPassedTests,
      failed: failed > 0 || exitCode === 0 ? failed : 1,
      skipped,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
}
