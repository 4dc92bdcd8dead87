const unit = require("../../../jest.config.js");

/**
 * What finds a mutant fast: fuzzing and the simulator take longer and find no more, bundles hold no mutant.
 * @type {import("jest").Config}
 */
module.exports = {
  ...unit,
  rootDir: "../../..",
  runner: "<rootDir>/__tests__/lambda-src/mutation/until-first-failure.js",
  testMatch: ["<rootDir>/__tests__/lambda-src/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "fuzz.test", "mapping-simulator.test"],
};
