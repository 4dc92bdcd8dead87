const unit = require("../../../jest.config.js");

/**
 * The tests that find mutants fast. Fuzzing and the simulator take longer and find no more, and bundles
 * contain no mutants.
 * @type {import("jest").Config}
 */
module.exports = {
  ...unit,
  rootDir: "../../..",
  // Stryker wraps the environment, and cannot load one that is written in TypeScript.
  testEnvironment: "node",
  // A mutant that never ends is found sooner.
  testTimeout: 5_000,
  runner: "<rootDir>/__tests__/lambda-src/mutation/until-first-failure.js",
  testMatch: ["<rootDir>/__tests__/lambda-src/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "fuzz.test", "mapping-simulator.test"],
};
