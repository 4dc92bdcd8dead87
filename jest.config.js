// Not useful in test output: the pinned SDK runs on this Node.js.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/__tests__/support/measured-environment.ts",
  // One for each core: jest itself would leave one idle.
  maxWorkers: "100%",
  // Deployments run on the same cores: a short limit would measure them.
  testTimeout: 120_000,
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    ...["checkov", "e2e", "engines"].map((name) => `<rootDir>/__tests__/${name}/`),
  ],
  modulePathIgnorePatterns: [
    "<rootDir>/.local/",
    "<rootDir>/cdktf.out/",
    "<rootDir>/packages/guardrails/dist/",
  ],
  // npx jest --coverage __tests__/lambda-src. The files left out hold nothing but types.
  coverageProvider: "v8",
  collectCoverageFrom: [
    "lambda-src/**/*.ts",
    "!lambda-src/api/operation.ts",
    "!lambda-src/api/operation-handler.ts",
    "!lambda-src/runtime/metric-names.ts",
  ],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2022" }, sourceMaps: "inline" }] },
};
