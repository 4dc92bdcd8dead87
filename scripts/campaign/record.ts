import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { markdownTable } from "../../packages/terminal/table";

const figures = path.resolve("bench/campaign.md");

/** Writes this lane's figures, and keeps the other lanes' last ones. */
export async function record(name: string, cells: readonly string[]): Promise<void> {
  const before = existsSync(figures) ? readFileSync(figures, "utf8").split("\n") : [];
  const rows = new Map(
    before
      .filter((line) => line.startsWith("| ") && !line.startsWith("| lane |") && !line.startsWith("| --- |"))
      .map((line) => line.slice(2, -2).split(" | "))
      .map(([lane = "", ...others]) => [lane, others]),
  );
  rows.set(name, [...cells]);
  const table = markdownTable([
    ["lane", "what", "passed", "failed", "figures", "took", "on"],
    ...[...rows].map(([lane, others]) => [lane, ...others]),
  ]);
  await writeFile(
    figures,
    `# The campaign's last figures\n\nWritten by \`npm run campaign\`, on ${os.cpus().length} cores with Node.js ${process.versions.node}.\n\n${table}\n`,
  );
}
