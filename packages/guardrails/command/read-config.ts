import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { nearest } from "../../terminal/nearest";
import { UserError } from "../../terminal/user-error";
import type { CheckOptions } from "../check-stack";

/** The default export of a `guardrails.config.js`, or the content of a `guardrails.config.json`. */
export interface GuardrailsConfig extends CheckOptions {
  /** Options of single stacks, by name. They replace the options of the same name above. */
  readonly stacks?: Readonly<Record<string, CheckOptions>>;
}

const fileNames = ["json", "js", "cjs", "mjs"].map((ending) => `guardrails.config.${ending}`);

/** Every option, so that a misspelt one is not ignored. */
const optionNames: Readonly<Record<keyof CheckOptions, true>> = {
  accountWide: true,
  concurrencyQuota: true,
  metricsNamespace: true,
  nameSuffix: true,
  protectsData: true,
  requiredTags: true,
  rules: true,
  severities: true,
  suppressions: true,
};

/**
 * @param given the file to read. @default guardrails.config.json, .js, .cjs or .mjs in the working directory, if it exists
 * @returns the options for a stack, by its name
 * @throws UserError if the file cannot be read or has an option that does not exist
 */
export function readConfig(given: string | undefined): (stack: string) => CheckOptions {
  const file = given ?? fileNames.find((name) => existsSync(name));
  if (file === undefined) return () => ({});
  const { stacks = {}, ...shared } = load(file);
  for (const [where, options] of [["", shared] as const, ...Object.entries(stacks)]) {
    checkNames(options, where && `stacks.${where}.`, file);
  }
  return (stack) => ({ ...shared, ...stacks[stack] });
}

function load(file: string): GuardrailsConfig {
  if (!existsSync(file)) throw new UserError(`there is no file ${file}`, { exitCode: 2 });
  try {
    const found = path.resolve(file);
    const loaded: GuardrailsConfig & { readonly default?: GuardrailsConfig } = createRequire(found)(found);
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}`, { exitCode: 2, cause });
  }
}

function checkNames(options: CheckOptions, prefix: string, file: string): void {
  for (const name of Object.keys(options)) {
    if (name in optionNames) continue;
    const meant = nearest(name, [...Object.keys(optionNames), "stacks"]);
    throw new UserError(
      `${file}: unknown option ${prefix}${name}${meant ? `: did you mean ${meant}?` : `: the options are ${Object.keys(optionNames).join(", ")}`}`,
      { exitCode: 2 },
    );
  }
}
