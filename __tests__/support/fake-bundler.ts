import { type Bundle, type Bundler, bundleFrom } from "../../constructs/bundle";

/** A bundle with a few lines of code, for tests that do not need the real function. */
export const fakeBundle = (code = "exports.handler = async () => ({});"): Bundle =>
  bundleFrom("index.js", Buffer.from(code));

/** Replaces esbuild: one small bundle per entry point. */
export const fakeBundler: Bundler = (entry) => fakeBundle(`exports.handler = async () => "${entry}";`);
