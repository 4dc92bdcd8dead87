import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { findPython } from "../../packages/laptop/set-up/requirements";
import { installPackages } from "../../packages/laptop/set-up/tools";
import { UserError } from "../../packages/terminal/user-error";

/**
 * Installs schemathesis, pinned with hashes in __tests__/schemathesis/requirements.txt, unless it is already installed.
 *
 * @throws UserError if Python is older than 3.11
 */
export async function installSchemathesis(): Promise<void> {
  const python = await findPython();
  if (/^3\.10\./.test(python.version)) {
    throw new UserError(
      `schemathesis needs Python 3.11 or newer, but ${python.binary} is ${python.version}: name another interpreter in the variable PYTHON`,
    );
  }
  await installPackages(python, {
    folder: path.join(folders.tools, "schemathesis"),
    requirements: path.resolve("__tests__/schemathesis/requirements.txt"),
    name: "schemathesis: pip install (about 20 s, 100 MB)",
    what: "schemathesis",
  });
}
