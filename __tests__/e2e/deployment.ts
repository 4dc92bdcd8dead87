import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Launcher } from "./launcher";

/** `terraform`, or another engine that the whole run uses. */
export const engine = process.env.TERRAFORM_BINARY_NAME ?? "terraform";

export function printedRequests(launcher: Launcher): string[] {
  return launcher.output.split("\n").filter((line) => line.startsWith("  curl "));
}

export function apiUrl(launcher: Launcher): string {
  return /is up: (\S+)/.exec(launcher.output)?.[1] ?? "";
}

export function endpoint(launcher: Launcher): string {
  return new URL(apiUrl(launcher)).origin;
}

export function clientConfig(launcher: Launcher) {
  return {
    endpoint: endpoint(launcher),
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
}

export function run(command: string, commandArguments: readonly string[], cwd: string) {
  return promisify(execFile)(command, [...commandArguments], { cwd, maxBuffer: 100_000_000 });
}

export async function shell(command: string, cwd: string): Promise<string> {
  const { stdout } = await run("sh", ["-c", command], cwd);
  return stdout;
}
