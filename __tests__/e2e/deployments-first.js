const { readFileSync } = require("node:fs");
const Sequencer = require("@jest/test-sequencer").default;

/** Starts the suites that deploy first, because they take the longest. Otherwise keeps jest's own order. */
module.exports = class DeploymentsFirst extends Sequencer {
  sort(tests) {
    const deploys = ({ path }) =>
      /from "\.\/(?:launcher|served-dev-stack|shared-deployment)"/.test(readFileSync(path, "utf8"));
    const ordered = super.sort(tests);
    return [...ordered.filter(deploys), ...ordered.filter((test) => !deploys(test))];
  }
};
