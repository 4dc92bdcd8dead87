import { readFileSync, writeFileSync } from "node:fs";
import { readArguments } from "../packages/terminal/command-line";
import { say } from "../packages/terminal/progress";
import { apiDocuments } from "./openapi/api-documents";

const usage = `npm run openapi

Generates docs/openapi.json and docs/api.md from the table of operations, lambda-src/api/operations.ts.`;

function main(): void {
  if (!readArguments({ usage, flags: [] })) return;
  for (const [file, text] of Object.entries(apiDocuments((path) => readFileSync(path, "utf8")))) {
    writeFileSync(file, text);
    say(`✓ ${file}`);
  }
}

main();
