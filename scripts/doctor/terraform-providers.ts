import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { configurationFile } from "../../packages/laptop/set-up/providers/cli-configuration";
import { hasProviders, ownMirror } from "../../packages/laptop/set-up/providers/mirror";
import { findTerraform } from "../../packages/laptop/set-up/requirements";
import { failed, type Probe, passed, warned } from "./probe";

const registrySeconds = 4;

/** Whether Terraform can get its providers, from a mirror or from the registry. */
export const terraformProviders: Probe = {
  name: "Terraform's providers",
  run: async () => {
    const terraform = await findTerraform();
    const { TF_CLI_CONFIG_FILE: config } = process.env;
    // Terraform, too, ignores a configuration file that does not exist.
    const text = config && existsSync(config) ? readFileSync(config, "utf8") : "";
    const mirrors = [...text.matchAll(/path\s*=\s*"([^"]+)"/g)].map(([, folder = ""]) => folder);
    const mirror = mirrors.find((folder) => hasProviders(terraform, folder));
    if (mirror) return passed(`in the mirror ${path.relative(process.cwd(), mirror) || mirror}`);
    try {
      await fetch(`https://${terraform.registry}/.well-known/terraform.json`, {
        signal: AbortSignal.timeout(registrySeconds * 1000),
      });
      return passed(`${terraform.registry} answers`);
    } catch {
      const silent = `${terraform.registry} does not answer`;
      return hasProviders(terraform, ownMirror)
        ? warned(
            `${silent}; this folder's mirror has the providers, but your shell does not use it`,
            `export TF_CLI_CONFIG_FILE=${configurationFile} TF_CLI_ARGS_providers_lock=-fs-mirror=${ownMirror}`,
          )
        : failed(
            silent,
            `check the network. Or create a mirror on a machine that reaches the registry (${terraform.binary} providers mirror <folder>) and name it in PROVIDER_MIRROR for npm start, or in the file that TF_CLI_CONFIG_FILE names`,
          );
    }
  },
};
