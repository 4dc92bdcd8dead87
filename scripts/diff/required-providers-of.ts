import { readFile } from "node:fs/promises";
import path from "node:path";

/** The providers that a synthesized stack requires, as text that can be compared. */
export async function requiredProvidersOf(folder: string): Promise<string> {
  const { terraform } = JSON.parse(await readFile(path.join(folder, "cdk.tf.json"), "utf8"));
  return JSON.stringify(terraform.required_providers);
}
