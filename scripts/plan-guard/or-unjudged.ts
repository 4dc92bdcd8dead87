import { UserError } from "../../packages/terminal/user-error";

/**
 * Runs a command whose exit code 1 is its judgement.
 * @throws UserError, exit code 2, for whatever a user can mend
 */
export async function orUnjudged(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 1) throw error;
    throw new UserError(error.message, { cause: error, exitCode: 2 });
  }
}
