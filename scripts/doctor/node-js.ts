import { type Probe, passed, warned } from "./probe";

export const nodeJs: Probe = {
  name: "Node.js",
  run: async () => {
    // scripts/run.mjs has already refused a version that is too old.
    const { node } = process.versions;
    const major = Number(node.split(".")[0]);
    return major % 2 === 0
      ? passed(node)
      : warned(`${node} is not an LTS release`, "install the current LTS from https://nodejs.org");
  },
};
