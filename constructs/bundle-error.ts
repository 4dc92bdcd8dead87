import { type BuildFailure, formatMessagesSync } from "esbuild";

/** A function's code cannot be bundled. The message tells the reader of a failed synth what is wrong, and where. */
export class BundleError extends Error {
  readonly forUser = true;

  constructor(entry: string, cause: BuildFailure) {
    const problems = formatMessagesSync(cause.errors, { kind: "error" }).map((text) => text.trim());
    super(`${entry} cannot be bundled:\n${problems.join("\n")}`, { cause });
    this.name = "BundleError";
  }
}
