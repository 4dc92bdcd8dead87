import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { APIGatewayProxyResult } from "aws-lambda";
import type { Bundle } from "../../constructs/bundle";
import { context } from "./api-event";

export interface Invocation {
  readonly answers: readonly APIGatewayProxyResult[];
  /** The modules that the code loaded, except Node's built-in ones. */
  readonly modules: readonly string[];
  /** What it wrote to stdout and stderr. */
  readonly output: string;
}

/** Calls a bundle's handler in an otherwise empty process and folder: no node_modules, no other variables. */
export async function invokeBundle(
  bundle: Bundle,
  events: readonly unknown[],
  environment: Readonly<Record<string, string>>,
): Promise<Invocation> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "lambda-"));
  try {
    writeFileSync(path.join(folder, bundle.fileName), bundle.code);
    const child = fork(path.resolve("__tests__/support/lambda-invocation.cjs"), {
      cwd: folder,
      env: { HOME: folder, LAMBDA_TASK_ROOT: folder, ...environment },
      execArgv: [],
      silent: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
      });
    }
    return await new Promise((resolve, reject) => {
      let invocation: Omit<Invocation, "output"> | undefined;
      child.on("message", (message) => {
        invocation = message as Omit<Invocation, "output">;
      });
      child.on("close", (exitCode) => {
        if (invocation) resolve({ ...invocation, output });
        else reject(new Error(`the handler's process ended with ${exitCode}: ${output}`));
      });
      child.send({ handler: bundle.handler, events, context: context() });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
