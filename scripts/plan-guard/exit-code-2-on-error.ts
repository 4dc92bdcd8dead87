import { UserError } from "../../packages/terminal/user-error";

/**
 * Runs a command whose exit code 1 means that it refused a plan, so a failure needs another code.
 * @throws UserError, exit code 2, for every problem that a user can fix
 */
export async function exitCode2OnError(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 1) throw error;
    throw new UserError(error.message, { cause: error, exitCode: 2 });
  }
}
