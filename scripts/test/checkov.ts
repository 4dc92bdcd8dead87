import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { findPython } from "../../packages/laptop/set-up/requirements";
import { installPackages } from "../../packages/laptop/set-up/tools";

/** Installs checkov, pinned with hashes in __tests__/checkov/requirements.txt, unless it is already installed. */
export async function installCheckov(): Promise<void> {
  await installPackages(await findPython(), {
    folder: path.join(folders.tools, "checkov"),
    requirements: path.resolve("__tests__/checkov/requirements.txt"),
    name: "checkov: pip install (about half a minute, 290 MB)",
    what: "checkov",
  });
}
