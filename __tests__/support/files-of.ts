import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The contents of all files in a folder and below it, by their path there, in alphabetical order. */
export function filesOf(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [path.relative(folder, file), readFileSync(file)]));
}
