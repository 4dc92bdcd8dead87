import { clockOffsetSeconds, describeOffset, tolerableSeconds, UnknownClockError } from "../lib/clock-offset";
import { type Diagnosis, failed, type Probe, passed, unchecked, warned } from "./probe";

/** Whether this machine's clock agrees with AWS's. */
export const clock: Probe = {
  name: "clock",
  run: () =>
    clockOffsetSeconds().then(diagnose, (error: unknown) => {
      if (error instanceof UnknownClockError) return unchecked(error.message);
      throw error;
    }),
};

function diagnose(seconds: number): Diagnosis {
  const detail = describeOffset(seconds);
  if (Math.abs(seconds) > tolerableSeconds) {
    return failed(detail, "AWS rejects signatures that are five minutes off: synchronize the clock with NTP");
  }
  return Math.abs(seconds) > 30 ? warned(detail, "synchronize the clock with NTP") : passed(detail);
}
