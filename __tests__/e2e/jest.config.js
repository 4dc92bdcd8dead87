const unit = require("../../jest.config.js");

/** @type {import("jest").Config} */
module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // One after the other: each deploys, and the machine is shared with the other checks.
  maxWorkers: 1,
  // A whole deployment on a busy machine; each wait inside has a bound of its own.
  testTimeout: 600_000,
};
