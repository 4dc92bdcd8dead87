import functions from "../../../lambda-src/mutation/stryker.config.mjs";

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  ...functions,
  jest: { projectType: "custom", configFile: "__tests__/packages/alarms/mutation/jest.config.js" },
  mutate: ["packages/alarms/**/*.ts"],
  incrementalFile: ".local/stryker/alarms-incremental.json",
  jsonReporter: { fileName: ".local/stryker/alarms-report.json" },
  thresholds: { high: 100, low: 95, break: 95 },
};
