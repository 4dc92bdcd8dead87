import { environments } from "../../stacks/environments";

/**
 * How many seconds this machine's clock is ahead of AWS's, within a second or two; negative if it is behind. AWS refuses
 * signatures that are five minutes off.
 * @throws UnknownClockError if the response does not say what time it is there
 */
export async function clockOffsetSeconds(): Promise<number> {
  const endpoint = process.env.AWS_ENDPOINT_URL || `https://sts.${environments[0].region}.amazonaws.com`;
  const before = Date.now();
  const { headers } = await fetch(endpoint, {
    method: "HEAD",
    redirect: "manual",
    signal: AbortSignal.timeout(5_000),
  });
  const actual = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(actual)) throw new UnknownClockError(`${endpoint} responded without a Date header`);
  // The header is in whole seconds, and the response took time to arrive.
  return Math.round(((before + Date.now()) / 2 - actual) / 1000);
}

/** For a report: `in sync`, or how far off the clock is. */
export function describeOffset(seconds: number): string {
  const off = Math.abs(seconds);
  return off <= 1 ? "in sync" : `${off} s ${seconds > 0 ? "ahead" : "behind"}`;
}

/** Beyond this, AWS may reject signatures, if not yet then after some more drift. */
export const tolerableSeconds = 240;

export class UnknownClockError extends Error {
  override readonly name = "UnknownClockError";
}
