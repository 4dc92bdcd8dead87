import { createRequire } from "node:module";
import path from "node:path";
import { UserError } from "../../../terminal/user-error";

export const providerNames = ["aws", "archive"] as const;

export type ProviderName = (typeof providerNames)[number];

/** The versions that stacks require: those from which the installed provider packages of CDKTF were generated. */
export const requiredProviders: Readonly<Record<ProviderName, string>> = {
  aws: generatedFrom("aws"),
  archive: generatedFrom("archive"),
};

/** @throws UserError if the package is not installed */
function generatedFrom(name: ProviderName): string {
  const require = createRequire(path.resolve("package.json"));
  // CDK Terrain, the fork of CDKTF, publishes the same packages under its own scope.
  for (const scope of ["@cdktf", "@cdktn"]) {
    try {
      return require(`${scope}/provider-${name}/package.json`).cdktf.provider.version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new UserError(`@cdktf/provider-${name} is not installed: run npm install @cdktf/provider-${name}`);
}
