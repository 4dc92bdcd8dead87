import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { jestTally } from "../../scripts/test/jest-tally";

const counts = { numPassedTests: 3, numFailedTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 };
const pending = (fullName: string) => ({ status: "pending", fullName });

describe("the tally of jest's report", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "tally-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [{}, [], 0, { passed: 3, failed: 0 }],
    [{ numFailedTests: 2 }, [], 1, { passed: 3, failed: 2 }],
    [{ numRuntimeErrorTestSuites: 1 }, [], 1, { passed: 3, failed: 1 }],
    [{ numTodoTests: 1 }, [], 0, { passed: 3, failed: 1 }],
    [{}, [], 137, { passed: 3, failed: 1 }],
    [{}, [pending("the stack is deployed")], 0, { passed: 3, failed: 1 }],
  ])("of %j with %j and exit code %i is %j", (changes, assertionResults, exitCode, expected) => {
    expect(tally({ ...counts, ...changes }, assertionResults, exitCode)).toEqual({
      ...expected,
      skipped: [],
    });
  });

  it("has the titles of skipped tests that say what this machine lacks, and counts them as neither", () => {
    const skipped = "the replay (skipped: needs jq) publishes a range";

    expect(tally(counts, [pending(skipped)], 0)).toEqual({ passed: 3, failed: 0, skipped: [skipped] });
  });

  it("is a failure without a report", () => {
    expect(jestTally(path.join(folder, "none.json"), 0)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });

  function tally(report: object, assertionResults: readonly object[], exitCode: number) {
    const file = path.join(folder, "report.json");
    writeFileSync(file, JSON.stringify({ ...report, testResults: [{ assertionResults }] }));
    return jestTally(file, exitCode);
  }
});
