import path from "node:path";

/** What the synth tests run on: cdktf, or CDK Terrain under cdktf's names. */
export const engines = {
  cdktf: {
    library: { name: "cdktf", version: "0.21.0" },
    requiredProviders: {
      aws: { source: "aws", version: "5.100.0" },
      archive: { source: "hashicorp/archive", version: "2.7.1" },
    },
  },
  cdktn: {
    library: { name: "cdktn", version: "0.24.0" },
    requiredProviders: {
      aws: { source: "hashicorp/aws", version: "6.66.0" },
      archive: { source: "hashicorp/archive", version: "2.8.1" },
    },
  },
} as const;

const otherModules = process.env.ENGINE_MODULES;

/** The engine of this run, which engines/cdktn/jest.config.js changes by a variable that scripts/run.mjs reads too. */
export const engine = {
  ...(otherModules ? engines.cdktn : engines.cdktf),
  /** The folder in which the library, its providers and constructs are. */
  modules: path.resolve(otherModules || "node_modules"),
};
