import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";

/** This checkout's own set-up put them there before the tests began; set-up.test.ts has its own. */
export function linkTools(folder: string): void {
  const tools = path.join(folder, ".local/tools");
  mkdirSync(tools, { recursive: true });
  for (const tool of ["python", "lambda-runtime", "providers"]) {
    symlinkSync(path.resolve(".local/tools", tool), path.join(tools, tool));
  }
}
