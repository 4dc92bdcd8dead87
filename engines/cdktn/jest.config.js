const path = require("node:path");
const unit = require("../../jest.config.js");

const root = path.resolve(__dirname, "../..");
const modules = path.join(root, ".local/tools/cdktn/node_modules");

// Read by the tests, and by scripts/run.mjs where a test synthesizes main.ts.
process.env.ENGINE_MODULES = modules;

/** @type {import("jest").Config} The synth tests on CDK Terrain; scripts/test/cdktn.ts installs it. */
module.exports = {
  ...unit,
  rootDir: root,
  testMatch: ["<rootDir>/__tests__/{constructs,stacks,support}/**/*.test.ts"],
  moduleNameMapper: { "^(cdktf|cdktn|constructs|@cdktf)($|/.*)": `${modules}/$1$2` },
};
