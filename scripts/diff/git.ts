import { runCommand } from "../../packages/terminal/run-command";
import { UserError } from "../../packages/terminal/user-error";

/** @returns what git says, without the last newline @throws UserError with `failure` and what git says */
export async function git(failure: string, ...command: string[]): Promise<string> {
  const { exitCode, output } = await runCommand("git", command);
  if (exitCode === 0) return output.trimEnd();
  throw new UserError(`${failure}: git ${command[0]} says: ${output.trim().replace(/\s*\n\s*/g, " ")}`);
}
