import path from "node:path";

const local = path.resolve(".local");

/** Where the laptop's AWS keeps its things: all in one folder that may be deleted at any time. */
export const folders = {
  root: local,
  /** What was installed: kept by `npm start -- --reset`. */
  python: path.join(local, "tools", "python"),
  lambdaRuntime: path.join(local, "tools", "lambda-runtime"),
  providers: path.join(local, "tools", "providers"),
  checkov: path.join(local, "tools", "checkov"),
  cdktn: path.join(local, "tools", "cdktn"),
  /** The emulator's state and its checkpoint. */
  state: path.join(local, "state"),
  running: path.join(local, "state", "running"),
  temporary: path.join(local, "tmp"),
  logs: path.join(local, "log"),
} as const;
