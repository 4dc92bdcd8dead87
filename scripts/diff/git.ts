import { runCommand } from "../../packages/terminal/run-command";
import { UserError } from "../../packages/terminal/user-error";

/** @returns git's output, without the last newline @throws UserError with `failure` and git's own message */
export async function git(failure: string, ...command: string[]): Promise<string> {
  const { exitCode, output } = await runCommand("git", command);
  if (exitCode === 0) return output.trimEnd();
  throw new UserError(`${failure}: git ${command[0]}: ${output.trim().replace(/\s*\n\s*/g, " ")}`);
}
