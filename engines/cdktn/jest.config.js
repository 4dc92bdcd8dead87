const path = require("node:path");
const unit = require("../../jest.config.js");

const root = path.resolve(__dirname, "../..");
const modules = path.join(root, ".local/tools/cdktn/node_modules");

// Read by the tests, and by scripts/run.mjs where a test synthesizes main.ts.
process.env.ENGINE_MODULES = modules;

/**
 * CDK Terrain; scripts/test/cdktn.ts installs it. Both engines write the same files for every stack and switch
 * (__tests__/engines), so what tests say of those files holds for both. Only what goes on before a file is written can
 * differ, and is tested here too: the library's classes, tokens, assets and the hook of the guardrails.
 * @type {import("jest").Config}
 */
module.exports = {
  ...unit,
  rootDir: root,
  testMatch: [
    "engines/*",
    "constructs/{bundle,function-zip,naming,validation}",
    "packages/guardrails/{foreign-program,guardrails,installed-package}",
    "stacks/{determinism,engine}",
    "support/synthesized-stack",
  ].map((tests) => `<rootDir>/__tests__/${tests}.test.ts`),
  testPathIgnorePatterns: ["/node_modules/"],
  moduleNameMapper: { "^(cdktf|cdktn|constructs|@cdktf)($|/.*)": `${modules}/$1$2` },
};
