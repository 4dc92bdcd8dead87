import { createRequire } from "node:module";
import path from "node:path";

export const providerNames = ["aws", "archive"] as const;

export type ProviderName = (typeof providerNames)[number];

/** The versions that stacks require: those from which the installed @cdktf/provider-* packages were generated. */
export const requiredProviders: Readonly<Record<ProviderName, string>> = {
  aws: generatedFrom("aws"),
  archive: generatedFrom("archive"),
};

function generatedFrom(name: ProviderName): string {
  const require = createRequire(path.resolve("package.json"));
  return require(`@cdktf/provider-${name}/package.json`).cdktf.provider.version;
}
