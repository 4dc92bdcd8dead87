const unit = require("../../jest.config.js");

/** @type {import("jest").Config} */
module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // Most of a deployment is waiting, so two at once take little more than one.
  maxWorkers: 2,
  // A whole deployment on a busy machine; each wait inside has a bound of its own.
  testTimeout: 600_000,
};
