import { stateBackend } from "../../stacks/environments";
import { failed, type Probe, passed, unchecked, warned } from "./probe";

/** Whether this machine's clock agrees with AWS's: AWS refuses signatures that are five minutes off. */
export const clock: Probe = {
  name: "clock",
  run: async () => {
    const endpoint = process.env.AWS_ENDPOINT_URL || `https://sts.${stateBackend.region}.amazonaws.com`;
    const before = Date.now();
    const { headers } = await fetch(endpoint, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(5_000),
    });
    const actual = Date.parse(headers.get("date") ?? "");
    if (Number.isNaN(actual)) return unchecked(`${endpoint} responded without a Date header`);
    // The header is in whole seconds, and the answer took time to arrive.
    const seconds = Math.round(((before + Date.now()) / 2 - actual) / 1000);
    const off = Math.abs(seconds);
    const detail = off <= 1 ? "in sync" : `${off} s ${seconds > 0 ? "ahead" : "behind"}`;
    if (off > 240) {
      return failed(
        detail,
        "AWS refuses signatures that are five minutes off: synchronize the clock with NTP",
      );
    }
    return off > 30 ? warned(detail, "set the clock by NTP") : passed(detail);
  },
};
