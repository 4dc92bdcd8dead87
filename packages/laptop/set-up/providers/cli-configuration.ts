import { writeFile } from "node:fs/promises";
import path from "node:path";
import { folders } from "../../folders";
import type { Terraform } from "../requirements";
import { ownMirror } from "./mirror";
import { providerNames } from "./required-providers";

/** The Terraform CLI configuration that names this project's mirror. */
export const configurationFile = path.join(folders.providers, "terraform.tfrc");

/** Makes Terraform take the required providers from this project's mirror, and all others as usual. */
export async function writeCliConfiguration(terraform: Terraform): Promise<void> {
  const addresses = JSON.stringify(providerNames.map((name) => `${terraform.registry}/hashicorp/${name}`));
  await writeFile(
    configurationFile,
    `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(ownMirror)}
    include = ${addresses}
  }
  direct {
    exclude = ${addresses}
  }
}
`,
  );
}

/** The environment in which Terraform uses this configuration. */
export function cliEnvironment(): Record<string, string> {
  return {
    TF_CLI_CONFIG_FILE: configurationFile,
    // cdktf runs `terraform providers lock`, which asks the registry no matter what the CLI configuration says.
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${ownMirror}`,
  };
}
