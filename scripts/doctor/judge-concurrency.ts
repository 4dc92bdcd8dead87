import { type Diagnosis, failed, passed } from "./probe";

/** Executions that AWS keeps unreserved in each account and Region. */
const unreserved = 100;

/** Lambda's concurrency in one Region, in concurrent executions. */
export interface RegionConcurrency {
  readonly region: string;
  readonly quota: number;
  /** What no function has reserved yet. */
  readonly free: number;
  /** The environments' functions that reserve anything. */
  readonly functions: readonly {
    /** What it has reserved on AWS. */
    readonly live: number;
    /** What environments.ts says, 1 or more. */
    readonly wanted: number;
  }[];
}

export function judgeConcurrency(regions: readonly RegionConcurrency[]): Diagnosis {
  const judged = regions.map(({ region, quota, free, functions }) => {
    const more = functions.reduce((sum, { live, wanted }) => sum + Math.max(wanted - live, 0), 0);
    return {
      region,
      text: `${region}: quota ${quota}, ${free} unreserved, ${more} more to reserve`,
      isShort: more > 0 && free - more < unreserved,
      neededQuota: quota + more + unreserved - free,
      canLower: canLower(free, functions),
    };
  });
  const detail = judged.map(({ text }) => text).join("; ");
  const short = judged.filter(({ isShort }) => isShort);
  if (short.length === 0) return passed(detail);
  const lower = short.every((one) => one.canLower) ? "lower reservedConcurrency or " : "";
  const quotas = short.map(({ region, neededQuota }) => `${neededQuota} in ${region}`).join(", ");
  return failed(
    `${detail}; ${unreserved} must stay unreserved`,
    `raise the quota "Concurrent executions" of AWS Lambda to ${quotas}, or in stacks/environments.ts ${lower}set reserveConcurrency to false`,
  );
}

/**
 * Whether lower numbers in environments.ts can be deployed. AWS accepts what a function has reserved already, or less. A
 * function that has reserved nothing needs at least one, which must leave enough unreserved once the others have one each.
 */
function canLower(free: number, functions: RegionConcurrency["functions"]): boolean {
  const others = functions.filter(({ live }) => live > 0);
  const releasable = others.reduce((sum, { live }) => sum + live - 1, 0);
  const additional = functions.length - others.length;
  return additional === 0 || free + releasable - additional >= unreserved;
}
