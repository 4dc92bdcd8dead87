import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { engine } from "./engine";

/** The resource that Terraform itself has. */
const builtIn = "terraform_data";

/** A resource's type as Terraform writes it, for example `aws_dynamodb_table`. */
export type ResourceType = `aws_${string}` | typeof builtIn;

/** A data source's type as Terraform writes it, for example `archive_file`. */
export type DataType = `aws_${string}` | `archive_${string}`;

/**
 * Guards look-ups that find nothing, because with a mistyped type they would always find nothing.
 * @throws Error if no installed provider has the type
 */
export function requireProviderType(mode: "resource" | "data", type: string): void {
  if (type === builtIn || known.has(`${mode} ${type}`)) return;
  const file = bindingOf(mode, type);
  if (!existsSync(file) || !readFileSync(file, "utf8").includes(`tfResourceType = "${type}"`)) {
    const kind = mode === "data" ? "data source" : "resource";
    throw new Error(
      `${type} is not a ${kind} of an installed provider: ${file} does not exist or does not define it`,
    );
  }
  known.add(`${mode} ${type}`);
}

/** Types already found in the bindings, which do not change during a run. */
const known = new Set<string>();

function bindingOf(mode: "resource" | "data", type: string): string {
  const [provider = ""] = type.split("_");
  const name = mode === "data" ? `data_${type}` : type.slice(provider.length + 1);
  return path.join(
    engine.modules,
    "@cdktf",
    `provider-${provider}`,
    "lib",
    name.replaceAll("_", "-"),
    "index.js",
  );
}
