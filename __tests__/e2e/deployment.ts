import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Launcher } from "./launcher";

/** Enough for the emulator, which reads the caller but does not check the signature. */
export const signedHeaders = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=0",
  "x-amz-date": "20260101T000000Z",
};

/** Headers of a request from an account: on the laptop, an access key of 12 digits belongs to that account. */
export function signedBy(account: string): Readonly<Record<string, string>> {
  return { ...signedHeaders, authorization: signedHeaders.authorization.replace("=test/", `=${account}/`) };
}

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
