const unit = require("../../jest.config.js");

/** @type {import("jest").Config} Runs checkov over every stack. scripts/test/checkov.ts installs it. */
module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: ["<rootDir>/__tests__/checkov/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // The first run installs checkov.
  testTimeout: 600_000,
};
