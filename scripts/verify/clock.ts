import { clockOffsetSeconds, describeOffset, tolerableSeconds, UnknownClockError } from "../lib/clock-offset";
import type { Check } from "./check";
import { CheckFailedError, UncheckedError } from "./verdict";

/** With a wrong clock, other checks do not find what they look for by time, so this check reports the clock. */
export const clockChecks: readonly Check[] = [
  {
    name: "machine/clock",
    run: async () => {
      const seconds = await clockOffsetSeconds().catch((error: unknown) => {
        throw error instanceof UnknownClockError ? new UncheckedError(error.message) : error;
      });
      if (Math.abs(seconds) <= tolerableSeconds) return describeOffset(seconds);
      throw new CheckFailedError(
        `this machine's clock is ${describeOffset(seconds)}: AWS rejects its signatures, and log lines are looked for at the wrong time. Synchronize it with NTP`,
      );
    },
  },
];
