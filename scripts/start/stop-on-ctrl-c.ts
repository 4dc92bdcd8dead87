import { withdrawEnvironment } from "../../packages/laptop/environment";
import type { LocalAws } from "../../packages/laptop/local-aws";
import { say } from "../../packages/terminal/progress";

/**
 * Stops npm start on Ctrl-C, which scripts/supervise.mjs passes on. Once it serves, the emulator's state is saved first;
 * before that, the next start continues from the last checkpoint. A second Ctrl-C makes scripts/supervise.mjs kill
 * everything immediately.
 * @param serving returns what is served, or undefined while it is still starting
 */
export function stopOnCtrlC(serving: () => LocalAws | undefined): void {
  process.once("SIGINT", async () => {
    const laptop = serving();
    if (!laptop) {
      say("\n· interrupted: the next npm start continues from the last checkpoint");
      process.exit(130);
    }
    say("\n· stopping; the state is saved");
    await withdrawEnvironment();
    await laptop.stop();
    process.exit(0);
  });
}
