const { readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { default: JestRunner } = require("jest-runner");

/**
 * Jest loads every test file to find out which of its tests are requested, and runs all files to the end,
 * although one failure is enough to kill a mutant. This runner only loads files with a requested test,
 * fastest first, and stops at the first failure. It learns which tests each file has during Stryker's first
 * run, which has no mutant.
 */
module.exports = class UntilFirstFailure extends JestRunner {
  async runTests(tests, watcher) {
    if (tests.length === 0) return;
    const notes = path.join(tests[0].context.config.rootDir, "test-files.json");
    const hasMutant = process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined;
    const known = hasMutant ? JSON.parse(readFileSync(notes, "utf8")) : {};
    const wanted = new RegExp(this._globalConfig.testNamePattern || "");
    let failed = false;
    const subscriptions = [
      this.on("test-file-success", ([test, { testResults, numFailingTests, testExecError, perfStats }]) => {
        failed ||= numFailingTests > 0 || Boolean(testExecError);
        known[test.path] = {
          milliseconds: perfStats.end - perfStats.start,
          names: testResults.map(({ fullName }) => fullName),
        };
      }),
      this.on("test-file-failure", () => {
        failed = true;
      }),
    ];
    const planned = tests
      .filter(({ path: file }) => !hasMutant || known[file].names.some((name) => wanted.test(name)))
      .sort((a, b) => (known[a.path]?.milliseconds ?? 0) - (known[b.path]?.milliseconds ?? 0));
    for (const test of planned) {
      await super.runTests([test], watcher, { serial: true });
      if (hasMutant && failed) break;
    }
    for (const unsubscribe of subscriptions) unsubscribe();
    if (!hasMutant) writeFileSync(notes, JSON.stringify(known));
  }
};
