/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "jest",
  plugins: ["@stryker-mutator/jest-runner"],
  jest: { projectType: "custom", configFile: "__tests__/lambda-src/mutation/jest.config.js" },
  mutate: ["lambda-src/**/*.ts"],
  // With an existing file, Stryker uses TypeScript's old API, which version 7 no longer has.
  tsconfigFile: "none",
  coverageAnalysis: "perTest",
  tempDirName: ".local/stryker/sandboxes",
  ignorePatterns: ["/.local", "/cdktf.out", "/engines", "/bench", "/coverage"],
  incremental: true,
  incrementalFile: ".local/stryker/incremental.json",
  reporters: ["json", "clear-text", "progress-append-only"],
  jsonReporter: { fileName: ".local/stryker/report.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
  concurrency: 2,
  // Jest leaks memory with every run, and slows down over time.
  maxTestRunnerReuse: 60,
  timeoutMS: 30_000,
  thresholds: { high: 95, low: 90, break: 90 },
};
