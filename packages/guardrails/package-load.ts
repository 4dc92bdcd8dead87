import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadScript } from "./package-load-script";

/** A function's code as it will be zipped: file contents by path in the zip. */
export type PackageFiles = ReadonlyMap<string, Buffer>;

export interface LoadFailure {
  /** `variable` if the package loads once the named variables are there. */
  readonly kind: "module" | "syntax" | "throws" | "hangs" | "exits" | "variable";
  readonly message: string;
}

/** What Node.js finds when it loads a handler's file with only the package's files. */
export interface LoadResult {
  /** What the handler is, such as `a function` or `a class`; `absent` if nothing has its name. */
  readonly handler?: string;
  readonly exports?: readonly string[];
  readonly failure?: LoadFailure;
  /** Whether the package tried to reach the network. */
  readonly network?: boolean;
  /** Variables that the package read: those that it lacks, and those that it has. */
  readonly absent?: readonly string[];
  readonly read?: readonly string[];
}

export type Variables = Readonly<Record<string, string>>;

/** What a machine can be too busy for: the script itself decides long before. */
const lastResortMilliseconds = 30_000;

/** Node.js has these on or off by default, depending on its version. Lambda turns them off. */
const lambdaFlags = ["--no-experimental-require-module", "--no-experimental-detect-module"].filter((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);

/** Variables that Lambda sets in every function, as far as code reads them when it loads. */
const lambdaVariables = (folder: string): Variables => ({
  AWS_ACCESS_KEY_ID: "none",
  AWS_DEFAULT_REGION: "eu-west-1",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
  AWS_LAMBDA_FUNCTION_NAME: "function",
  AWS_LAMBDA_FUNCTION_VERSION: "1",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/function",
  AWS_LAMBDA_LOG_STREAM_NAME: "2026/01/01/[1]0123456789abcdef",
  AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001",
  AWS_REGION: "eu-west-1",
  AWS_SECRET_ACCESS_KEY: "none",
  AWS_SESSION_TOKEN: "none",
  LAMBDA_RUNTIME_DIR: "/var/runtime",
  LAMBDA_TASK_ROOT: folder,
  LANG: "en_US.UTF-8",
  TZ: ":UTC",
  _HANDLER: "index.handler",
});

/** Variables of this process's Node.js, which a function may set for its own. */
const notPassed = /^(NODE_OPTIONS|NODE_PATH|NODE_EXTRA_CA_CERTS|LD_\w+)$/;

/**
 * Loads a file of a package in a separate process, without credentials and without a network.
 * @param expression path of the handler in what the file exports, such as `handler`
 * @returns an empty result if nothing can be said
 */
export function loadPackage(
  files: PackageFiles,
  file: string,
  expression: string,
  variables: Variables,
): LoadResult {
  const folder = mkdtempSync(path.join(tmpdir(), "guardrails-"));
  try {
    for (const [name, content] of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    const own = Object.entries(variables).filter(([name]) => !notPassed.test(name));
    const { output, signal } = spawnSync(
      process.execPath,
      [...lambdaFlags, "-e", loadScript, folder, file, expression],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, ...lambdaVariables(folder), ...Object.fromEntries(own) },
        // What the package prints is nobody's business here.
        stdio: ["ignore", "ignore", "ignore", "pipe"],
        encoding: "utf8",
        timeout: lastResortMilliseconds,
        killSignal: "SIGTERM",
      },
    );
    const [first] = `${output?.[3] ?? ""}`.trim().split("\n");
    if (first) return JSON.parse(first) as LoadResult;
    const ended = signal && signal !== "SIGTERM";
    return ended ? { failure: { kind: "exits", message: `it ends the process by ${signal}` } } : {};
  } catch {
    return {};
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
