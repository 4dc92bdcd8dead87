import { readFileSync, writeFileSync } from "node:fs";
import { apiDocuments } from "./lib/api-documents";
import { say } from "./lib/progress";

/** Writes docs/openapi.json and docs/api.md from the table of operations. */
for (const [file, text] of Object.entries(apiDocuments((path) => readFileSync(path, "utf8")))) {
  writeFileSync(file, text);
  say(`✓ ${file}`);
}
