import { createHash } from "node:crypto";
import path from "node:path";
import { type BuildFailure, type BuildOptions, buildSync } from "esbuild";
import { BundleError } from "./bundle-error";

/** One function's code as a single file, and the string that tells Lambda where its handler is. */
export interface Bundle {
  readonly fileName: string;
  readonly code: Uint8Array;
  /** SHA-256 of file name and code, in hex. The same source gives the same hash on every machine. */
  readonly hash: string;
  /** `<file>.<export>`, derived from the bundle's actual file name. */
  readonly handler: string;
}

/**
 * Turns the entry point of a function into its {@link Bundle}.
 * @param entry path relative to the project's root, for example `lambda-src/api/index.ts`
 * @throws BundleError if it cannot be bundled
 */
export type Bundler = (entry: string) => Bundle;

/**
 * The SDK loads these only to find credentials outside the environment variables, which is where Lambda puts them, and for
 * event streams, which neither DynamoDB nor EventBridge has. Leaving them out saves a third of the zip. __tests__/constructs/bundle.test.ts proves that nothing else needs them.
 */
const neverReachedOnLambda = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/core/event-streams",
  "@smithy/credential-provider-imds",
];

const bundles = new Map<string, Bundle>();

/** Bundles with esbuild, once per process, so every stack gets the same bytes. */
export const esbuildBundler: Bundler = (entry) => {
  const cached = bundles.get(entry);
  if (cached) return cached;
  const bundle = bundleFrom("index.js", build(entry));
  bundles.set(entry, bundle);
  return bundle;
};

/** A bundle of existing code. `fileName` must end in `.js`, and the code must export `handler`. */
export function bundleFrom(fileName: string, code: Uint8Array): Bundle {
  const hash = createHash("sha256").update(fileName).update("\0").update(code).digest("hex");
  return { fileName, code, hash, handler: `${path.basename(fileName, ".js")}.handler` };
}

function build(entry: string): Uint8Array {
  try {
    const [output] = buildSync({ ...esbuildOptions(entry), write: false }).outputFiles;
    if (!output) throw new Error(`${entry}: esbuild gave no output`);
    return output.contents;
  } catch (error) {
    throw isBuildFailure(error) ? new BundleError(entry, error) : error;
  }
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  typeof error === "object" && error !== null && "errors" in error;

/** esbuild's options for a function. Add `metafile` to also learn what is in the bundle. */
export function esbuildOptions(entry: string): BuildOptions {
  return {
    entryPoints: [entry],
    absWorkingDir: process.cwd(),
    bundle: true,
    minify: true,
    // CommonJS, because an ESM import of a Node built-in adds 40 ms to every cold start.
    format: "cjs",
    platform: "node",
    target: "node22",
    mainFields: ["module", "main"],
    // import() of a built-in makes the first request 14 ms slower than require.
    supported: { "dynamic-import": false },
    external: neverReachedOnLambda,
    legalComments: "none",
    charset: "utf8",
    // Problems are reported in the error that is thrown.
    logLevel: "silent",
  };
}
