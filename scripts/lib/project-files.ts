import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What is generated, installed, or kept by other tools. */
const leftAlone = new Set([".git", ".local", "cdktf.out", "coverage", "node_modules", "LICENSE"]);

/** The project's text files, as paths relative to its root. */
export function projectFiles(root: string, folder = ""): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !leftAlone.has(name))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return projectFiles(root, file);
      return entry.isFile() && isText(readFileSync(path.join(root, file))) ? [file] : [];
    });
}

function isText(content: Buffer): boolean {
  return !content.subarray(0, 8000).includes(0);
}
