import { spawnSync } from "node:child_process";
import path from "node:path";

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in a folder. */
export function runGuardrails(folder: string, ...commandArguments: readonly string[]): Run {
  const program = [path.resolve("scripts/run.mjs"), "packages/guardrails/command/guardrails-command.ts"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...commandArguments], {
    cwd: folder,
    encoding: "utf8",
  });
  return { exitCode: status, stdout, stderr };
}
