import { readArguments } from "../packages/terminal/command-line";
import { textTable } from "../packages/terminal/table";
import { readStack } from "./lib/stack";

const usage = `npm run outputs -- <stack> [--json]

Shows what a deployed stack says of itself (its API's address, its table's name, …), read from Terraform's state: nothing
is synthesized, and Terraform need not be there. With --json as one object, for example for jq:
  npm run --silent outputs -- dev-stack --json | jq -r '."api-url"'

Exits with 0, or with 2 where there is no such stack or its state cannot be read.`;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["json"], positionals: ["<stack>"] });
  if (!given) return;
  const { outputs } = await readStack(given.positionals[0] ?? "");
  process.stdout.write(
    `${given.flags.json ? JSON.stringify(outputs, undefined, 2) : textTable(Object.entries(outputs))}\n`,
  );
}

void main();
