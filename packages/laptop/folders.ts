import path from "node:path";

const local = path.resolve(".local");
const tools = path.join(local, "tools");
const state = path.join(local, "state");

/** What AWS on a laptop keeps on disk, in the folder from which it is started. It can be deleted whenever nothing runs. */
export const folders = {
  root: local,
  /** Everything that is installed. */
  tools,
  python: path.join(tools, "python"),
  lambdaRuntime: path.join(tools, "lambda-runtime"),
  providers: path.join(tools, "providers"),
  /** The emulator's state and its checkpoint. */
  state,
  temporary: path.join(local, "tmp"),
  logs: path.join(local, "log"),
} as const;

/** This package's own folder, relative to the one from which it is started: bundled programs have no `__dirname`. */
const packageFolder = path.resolve("packages/laptop");

/** The files of this package that other programs read or run. */
export const packageFiles = {
  /** The emulator, the stand-in's library and their dependencies, pinned with hashes. */
  pythonRequirements: path.join(packageFolder, "set-up", "requirements.txt"),
  /** package.json and package-lock.json of the Node.js that runs functions. */
  lambdaRuntime: path.join(packageFolder, "set-up", "lambda-runtime"),
  archiveStandIn: path.join(packageFolder, "set-up", "archive-provider", "provider.py"),
  /** The emulator's application. */
  emulator: path.join(packageFolder, "patched-emulator", "app.py"),
} as const;
