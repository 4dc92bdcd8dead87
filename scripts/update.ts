import { setUp } from "../packages/laptop/set-up/set-up";
import { readArguments } from "../packages/terminal/command-line";
import { providerSchema, updateGenerated } from "./update/update-generated";

const usage = `npm run update

Regenerates logical ids, snapshots, docs/openapi.json and docs/api.md, the rules and costs in the documents, and the
provider's schema. It says which files changed, and which resources the next deployment would destroy. Review the changes
with git diff.

Exit codes: 0 if every file was generated, 1 otherwise.`;

async function main(): Promise<void> {
  if (!readArguments({ usage, flags: [] })) return;
  await setUp();
  await updateGenerated([providerSchema]);
}

void main();
