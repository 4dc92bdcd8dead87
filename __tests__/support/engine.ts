import path from "node:path";

/** The engines that the synth tests can run on: cdktf, or CDK Terrain under cdktf's package names. */
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

/** The engine of this run. engines/cdktn/jest.config.js selects it with a variable that scripts/run.mjs reads too. */
export const engine = {
  ...(otherModules ? engines.cdktn : engines.cdktf),
  /** The folder that contains the library, its providers and constructs. */
  modules: path.resolve(otherModules || "node_modules"),
};
