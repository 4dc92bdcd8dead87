import { type Bundle, type Bundler, bundleFrom } from "../../constructs/bundle";

/** A bundle of some lines of code, for tests that ask nothing of the real function. */
export const fakeBundle = (code = "exports.handler = async () => ({});"): Bundle =>
  bundleFrom("index.js", Buffer.from(code));

/** Stands in for esbuild: one small bundle an entry point. */
export const fakeBundler: Bundler = (entry) => fakeBundle(`exports.handler = async () => "${entry}";`);
