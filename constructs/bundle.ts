import { createHash } from "node:crypto";
import path from "node:path";
import { type BuildFailure, type BuildOptions, buildSync } from "esbuild";
import { BundleError } from "./bundle-error";

/** One function's code as a single file, with the string by which Lambda finds its handler. */
export interface Bundle {
  readonly fileName: string;
  readonly code: Uint8Array;
  /** SHA-256 of name and code, in hex: the same source gives the same on every machine. */
  readonly hash: string;
  /** `<file>.<export>`, made from the file name that the bundle really has. */
  readonly handler: string;
}

/**
 * Turns the entry point of a function into its {@link Bundle}.
 * @param entry path below the project's root, for example `lambda-src/api/index.ts`
 * @throws BundleError where it cannot be bundled
 */
export type Bundler = (entry: string) => Bundle;

/**
 * What the SDK would load only for credentials from somewhere else than the environment, where Lambda puts
 * them. Left out, they save a third of the zip; see __tests__/constructs/bundle.test.ts for the proof.
 */
const neverReachedOnLambda = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
];

const bundles = new Map<string, Bundle>();

/** Bundles by esbuild, once a process: every stack gets the same bytes. */
export const esbuildBundler: Bundler = (entry) => {
  const known = bundles.get(entry);
  if (known) return known;
  const bundle = bundleFrom("index.js", build(entry));
  bundles.set(entry, bundle);
  return bundle;
};

/** A bundle of code that is already there. `fileName` ends in `.js` and must export `handler`. */
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

/** How a function is bundled; with `metafile` on top they also tell what is in the bundle. */
export function esbuildOptions(entry: string): BuildOptions {
  return {
    entryPoints: [entry],
    absWorkingDir: process.cwd(),
    bundle: true,
    minify: true,
    // CommonJS: an ESM import of a Node built-in costs 40 ms of every cold start.
    format: "cjs",
    platform: "node",
    target: "node22",
    mainFields: ["module", "main"],
    // import() of a built-in costs 14 ms of the first request more than require.
    supported: { "dynamic-import": false },
    external: neverReachedOnLambda,
    legalComments: "none",
    charset: "utf8",
    // What is wrong is in the error.
    logLevel: "silent",
  };
}
