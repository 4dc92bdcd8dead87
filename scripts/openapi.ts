import { readFileSync, writeFileSync } from "node:fs";
import { say } from "../packages/terminal/progress";
import { apiDocuments } from "./openapi/api-documents";

/** Generates docs/openapi.json and docs/api.md from the table of operations. */
for (const [file, text] of Object.entries(apiDocuments((path) => readFileSync(path, "utf8")))) {
  writeFileSync(file, text);
  say(`✓ ${file}`);
}
