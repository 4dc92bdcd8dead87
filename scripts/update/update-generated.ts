import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { say, step } from "../../packages/terminal/progress";
import { runCommand } from "../../packages/terminal/run-command";
import { UserError } from "../../packages/terminal/user-error";
import { projectFiles } from "../lib/project-files";
import { lostAddresses } from "./lost-addresses";

const goldenAddresses = "__tests__/stacks/logical-ids.json";

export interface Generator {
  readonly name: string;
  readonly command: readonly [program: string, ...commandArguments: string[]];
}

const jest = path.join("node_modules", ".bin", "jest");

const generators: readonly Generator[] = [
  { name: "API documents", command: [process.execPath, "scripts/run.mjs", "scripts/openapi.ts"] },
  {
    name: "snapshots, logical ids, and the documents that show rules and costs",
    command: [
      jest,
      ...["--ci=false", "--updateSnapshot"],
      ...["--findRelatedTests", "__tests__/support/generated.ts", "__tests__/stacks/service-stack.test.ts"],
    ],
  },
];

/** What Terraform's provider lets one configure. Only another version of the provider changes it. */
export const providerSchema: Generator = {
  name: "the provider's schema",
  command: [
    jest,
    ...["--ci=false", "--config", "__tests__/e2e/jest.config.js"],
    ...["plan-guard", "--testNamePattern", "knows what the provider lets one configure"],
  ],
};

/**
 * Regenerates every generated file. Says which ones changed, and which addresses are gone: the next deployment would
 * destroy their resources.
 * @throws UserError with the output of a generator that failed
 */
export async function updateGenerated(further: readonly Generator[] = []): Promise<void> {
  const before = hashes();
  const addresses = readFileSync(goldenAddresses, "utf8");
  for (const { name, command } of [...generators, ...further]) await generate(name, command);
  const changed = [...hashes()].filter(([file, hash]) => before.get(file) !== hash);
  for (const [file] of changed) say(`· ${file}: updated`);
  if (changed.length === 0) say("✓ every generated file is current");
  for (const { stack, address } of lostAddresses(addresses, readFileSync(goldenAddresses, "utf8"))) {
    say(
      `! ${stack}: ${address} is gone: the next deployment would destroy it, with what it holds. To keep it, keep the ids of its constructs, or call moveFromId(<old id>)`,
    );
  }
}

async function generate(name: string, [program, ...commandArguments]: Generator["command"]): Promise<void> {
  const { exitCode, output } = await step(
    name,
    () => runCommand(program, commandArguments, { env: { ...process.env, UPDATE_GENERATED: "1" } }),
    (result) => result.exitCode === 0,
  );
  if (exitCode !== 0) throw new UserError(`${name}: could not be generated\n${output}`);
}

function hashes(): Map<string, string> {
  const root = process.cwd();
  return new Map(
    projectFiles(root).map((file) => [
      file,
      createHash("sha256")
        .update(readFileSync(path.join(root, file)))
        .digest("hex"),
    ]),
  );
}
