import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { venvPython } from "../../../packages/laptop/set-up/tools";

const patches = path.resolve("packages/laptop/patched-emulator");

/** What a Python program prints that imports MiniStack, without our patches. */
export function printedByMiniStack(...lines: readonly string[]): Promise<string> {
  return printed(lines, {});
}

/** What a Python program prints that can import our patches by name. */
export function printedWithPatches(...lines: readonly string[]): Promise<string> {
  return printed(lines, { PYTHONPATH: patches });
}

async function printed(lines: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(venvPython, ["-c", lines.join("\n")], {
    env: { ...env, PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1" },
    cwd: process.cwd(),
  });
  return stdout.trim();
}
