import { type Diagnosis, failed, passed } from "./probe";

/** Executions that AWS keeps unreserved in each account and Region. */
const unreserved = 100;

/** Lambda's concurrency in one Region, in concurrent executions. */
export interface RegionConcurrency {
  readonly region: string;
  readonly quota: number;
  /** What no function has reserved yet. */
  readonly free: number;
  /** What each function of the environments still has to reserve. */
  readonly toReserve: readonly number[];
}

export function judgeConcurrency(regions: readonly RegionConcurrency[]): Diagnosis {
  const judged = regions.map(({ region, quota, free, toReserve }) => {
    const more = toReserve.reduce((sum, executions) => sum + executions, 0);
    return {
      text: `${region}: quota ${quota}, ${free} unreserved, ${more} more to reserve`,
      isShort: more > 0 && free - more < unreserved,
      neededQuota: quota + more + unreserved - free,
      // A function that reserves anything reserves at least one.
      canLower: free - unreserved >= toReserve.filter((executions) => executions > 0).length,
    };
  });
  const detail = judged.map(({ text }) => text).join("; ");
  const short = judged.filter(({ isShort }) => isShort);
  if (short.length === 0) return passed(detail);
  const lower = short.every(({ canLower }) => canLower) ? "lower reservedConcurrency" : "";
  return failed(
    `${detail}; ${unreserved} must stay unreserved`,
    `raise the quota "Concurrent executions" of AWS Lambda to ${short.map(({ neededQuota }) => neededQuota).join(", ")}, or in stacks/environments.ts ${lower && `${lower} or `}set reserveConcurrency to false`,
  );
}
