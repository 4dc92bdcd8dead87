import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Makes a synthesized stack keep its state in a file, and removes the check that restricts it to its own account, because
 * the emulator uses a different one. Terraform merges the override into cdk.tf.json, so cdk.tf.json itself stays as it will
 * be deployed.
 */
export async function overrideForEmulator(folder: string, stateFile: string): Promise<void> {
  const { provider } = JSON.parse(await readFile(path.join(folder, "cdk.tf.json"), "utf8"));
  const override = {
    terraform: { backend: { local: { path: stateFile } } },
    // One provider for each Region that the stack uses. Terraform tells them apart by their alias.
    provider: {
      aws: provider.aws.map(({ alias }: { readonly alias?: string }) => ({
        alias,
        allowed_account_ids: null,
      })),
    },
  };
  await writeFile(path.join(folder, "emulator_override.tf.json"), JSON.stringify(override, undefined, 2));
}
