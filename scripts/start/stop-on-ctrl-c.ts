import { withdrawEnvironment } from "../../packages/laptop/environment";
import type { LocalAws } from "../../packages/laptop/local-aws";
import { say } from "../../packages/terminal/progress";
import { UserError } from "../../packages/terminal/user-error";

/**
 * Stops npm start on Ctrl-C, which scripts/supervise.mjs passes on. Once npm start serves, it saves the emulator's
 * state first, and says so only once that is done. Until it serves, nothing is saved, and the next start continues from
 * the last checkpoint. If there is no space for the state, the first Ctrl-C does not stop anything. A second Ctrl-C
 * during the stop makes scripts/supervise.mjs kill everything immediately.
 * @param serving returns what is served, or undefined while it is still starting
 */
export function stopOnCtrlC(serving: () => LocalAws | undefined): void {
  let refused = false;
  process.on("SIGINT", async () => {
    const laptop = serving();
    if (!laptop) {
      say("\n· interrupted: the next npm start continues from the last checkpoint");
      process.exit(130);
    }
    try {
      if (!refused) await laptop.requireSpace();
    } catch (error) {
      refused = true;
      say(
        `\n! not stopped: ${(error as Error).message}, and press Ctrl-C again. The second Ctrl-C stops npm start even if the state cannot be saved`,
      );
      process.send?.({ stopRefused: true });
      return;
    }
    await stop(laptop);
  });
}

async function stop(laptop: LocalAws): Promise<void> {
  say("\n· stopping: saving the state; a second Ctrl-C would lose what has not been saved");
  const { ifKilled } = laptop;
  try {
    await withdrawEnvironment();
    await laptop.stop();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${error.message}; ${ifKilled}`, { cause: error });
  }
  say("✓ the state is saved: the next npm start continues from here");
  process.exit(0);
}
