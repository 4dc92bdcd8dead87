const unit = require("../../jest.config.js");

/** @type {import("jest").Config} */
module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  globalSetup: "<rootDir>/__tests__/e2e/run-folder.ts",
  testSequencer: "<rootDir>/__tests__/e2e/deployments-first.js",
  // A deployment waits for most of its time, so more of them run at once than there are cores.
  maxWorkers: 6,
  // A whole deployment on a busy machine; each wait inside has a bound of its own.
  testTimeout: 600_000,
};
