import { writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Makes a synthesized stack keep its state in a file, and removes the check that restricts it to its own account, because the emulator uses a different one. Terraform merges the override into cdk.tf.json, so cdk.tf.json itself stays as it will be deployed.
 */
export async function overrideForEmulator(folder: string, stateFile: string): Promise<void> {
  const override = {
    terraform: { backend: { local: { path: stateFile } } },
    provider: { aws: { allowed_account_ids: null } },
  };
  await writeFile(path.join(folder, "emulator_override.tf.json"), JSON.stringify(override, undefined, 2));
}
