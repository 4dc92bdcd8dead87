const functions = require("../../../lambda-src/mutation/jest.config.js");

/** @type {import("jest").Config} */
module.exports = {
  ...functions,
  rootDir: "../../../..",
  testMatch: ["<rootDir>/__tests__/packages/alarms/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
