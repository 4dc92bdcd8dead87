const unit = require("../../jest.config.js");

/** @type {import("jest").Config} */
module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
  // Suites that only the campaign runs.
  testPathIgnorePatterns: [
    "/node_modules/",
    ...(process.env.CAMPAIGN === "1" ? [] : ["runbook", "switches"]).map(
      (name) => `<rootDir>/__tests__/e2e/${name}\\.test\\.ts$`,
    ),
  ],
  globalSetup: "<rootDir>/__tests__/e2e/run-folder.ts",
  testSequencer: "<rootDir>/__tests__/e2e/deployments-first.js",
  // A deployment spends most of its time waiting, so use more workers than there are cores.
  maxWorkers: 6,
  // Enough for a whole deployment on a busy machine. Each wait inside a test has its own timeout.
  testTimeout: 600_000,
};
