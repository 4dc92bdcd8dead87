import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";

/** Links the tools that this checkout's set-up installed before the tests. set-up.test.ts links its own selection. */
export function linkTools(folder: string): void {
  const tools = path.join(folder, ".local/tools");
  mkdirSync(tools, { recursive: true });
  for (const tool of ["python", "lambda-runtime", "providers"]) {
    symlinkSync(path.resolve(".local/tools", tool), path.join(tools, tool));
  }
}
