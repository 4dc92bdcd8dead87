import { writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Has a synthesized stack keep its state in a file, and takes off the guard against other accounts, as the emulator's is
 * nobody's. Terraform merges it into cdk.tf.json, which stays as it is deployed.
 */
export async function emulated(folder: string, stateFile: string): Promise<void> {
  const override = {
    terraform: { backend: { local: { path: stateFile } } },
    provider: { aws: { allowed_account_ids: null } },
  };
  await writeFile(path.join(folder, "emulator_override.tf.json"), JSON.stringify(override, undefined, 2));
}
