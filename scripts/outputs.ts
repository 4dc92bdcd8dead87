import { readArguments } from "../packages/terminal/command-line";
import { textTable } from "../packages/terminal/table";
import { readStack } from "./lib/stack";

const usage = `npm run outputs -- <stack> [--json]

Shows a deployed stack's outputs: its API's URL, its table's name and so on. They are read from Terraform's state, so
nothing is synthesized and Terraform need not be installed. --json prints one object, for example for jq:
  npm run --silent outputs -- dev-stack --json | jq -r '."api-url"'

Exit codes: 0 if the outputs are shown, 2 if there is no such stack or its state cannot be read.`;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["json"], positionals: ["<stack>"] });
  if (!given) return;
  const { outputs } = await readStack(given.positionals[0] ?? "");
  process.stdout.write(
    `${given.flags.json ? JSON.stringify(outputs, undefined, 2) : textTable(Object.entries(outputs))}\n`,
  );
}

void main();
