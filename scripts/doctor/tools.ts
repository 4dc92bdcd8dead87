import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { configurationFile } from "../../packages/laptop/set-up/providers/cli-configuration";
import { hasProviders, ownMirror } from "../../packages/laptop/set-up/providers/mirror";
import { findTerraform } from "../../packages/laptop/set-up/requirements";
import { failed, type Probe, passed, warned } from "./probe";

const registrySeconds = 4;

/** What has to be installed. */
export const toolProbes: readonly Probe[] = [
  {
    name: "Node.js",
    run: async () => {
      // scripts/run.mjs has refused what is too old.
      const major = Number(process.versions.node.split(".")[0]);
      const detail = `${process.versions.node}`;
      return major % 2 === 0
        ? passed(detail)
        : warned(`${detail} is no long-term release`, "install the current LTS from https://nodejs.org");
    },
  },
  {
    name: "Terraform",
    run: async () => {
      const { binary, version } = await findTerraform();
      return passed(`${binary} ${version}`);
    },
  },
  {
    name: "Terraform's providers",
    run: async () => {
      const terraform = await findTerraform();
      const { TF_CLI_CONFIG_FILE: config } = process.env;
      // Terraform, too, goes on without a file that is not there.
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
              `${silent}; the providers are in this folder's own mirror, which your shell does not use`,
              `export TF_CLI_CONFIG_FILE=${configurationFile} TF_CLI_ARGS_providers_lock=-fs-mirror=${ownMirror}`,
            )
          : failed(
              silent,
              `look at the network, or make a mirror elsewhere (${terraform.binary} providers mirror <folder>), and name it in PROVIDER_MIRROR for npm start, or in a file that TF_CLI_CONFIG_FILE names`,
            );
      }
    },
  },
];
