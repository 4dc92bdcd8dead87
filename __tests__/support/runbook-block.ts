import { readFileSync } from "node:fs";

/** The shell block of docs/runbook.md that contains a command. */
export function runbookBlock(command: string): string {
  const runbook = readFileSync("docs/runbook.md", "utf8");
  const found = [...runbook.matchAll(/^```sh\n(.*?)^```/gms)].find(([, text = ""]) => text.includes(command));
  if (!found) throw new Error(`docs/runbook.md has no block with ${command}`);
  return found[1] ?? "";
}
