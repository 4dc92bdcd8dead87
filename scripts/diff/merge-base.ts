import { runCommand } from "../../packages/terminal/run-command";
import { UserError } from "../../packages/terminal/user-error";
import { git } from "./git";

/**
 * The commit at which this branch left its base, or the base's counterpart on `origin`, which is all that a pipeline has.
 * @throws UserError if there is none
 */
export async function mergeBase(base: string): Promise<string> {
  for (const name of [base, `origin/${base}`]) {
    const { exitCode } = await runCommand("git", [
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${name}^{commit}`,
    ]);
    if (exitCode === 0) {
      return git(
        `${name} and this branch have no common ancestor (if this is a shallow clone: git fetch --unshallow)`,
        "merge-base",
        name,
        "HEAD",
      );
    }
  }
  throw new UserError(
    `--base ${base} is not a commit in this clone: name the branch that this one will be merged into, and fetch it first (git fetch origin ${base}; in a pipeline fetch-depth: 0)`,
  );
}
