import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "../../../terminal/run-command";
import { UserError } from "../../../terminal/user-error";
import { packageFiles } from "../../folders";
import type { Terraform } from "../requirements";
import { venvPython } from "../tools";
import { ownMirror, unpacked } from "./mirror";
import { requiredProviders } from "./required-providers";

/**
 * Puts the stand-in for hashicorp/archive into this project's mirror, under the file name of the real provider.
 * @throws UserError if Python is too old for it
 */
export async function installArchiveStandIn(terraform: Terraform): Promise<void> {
  const { exitCode } = await runCommand(venvPython, ["-c", "import tf"]);
  if (exitCode !== 0) {
    throw new UserError(
      "hashicorp/archive was not found in any registry or mirror, and its stand-in needs Python 3.11 or newer: install that Python and try again, or make a mirror with both providers and name it in PROVIDER_MIRROR",
    );
  }
  const folder = unpacked(terraform, ownMirror, "archive");
  const file = path.join(folder, `terraform-provider-archive_v${requiredProviders.archive}_x5`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `#!/bin/sh\nexec ${quote(venvPython)} ${quote(packageFiles.archiveStandIn)} "$@"\n`);
  await chmod(file, 0o755);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
