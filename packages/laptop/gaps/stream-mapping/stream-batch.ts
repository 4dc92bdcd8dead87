/** What happens to a failed batch. */
export interface RetryPolicy {
  readonly bisectBatchOnFunctionError: boolean;
  /** Retries after the first attempt; -1 to retry until the records expire. */
  readonly maximumRetryAttempts: number;
}

/** Records that the mapping has given up on. */
export interface DiscardedRange<T> {
  readonly records: readonly T[];
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  /** Attempts since the batch last made progress. Splitting a batch is not progress. */
  readonly attempts: number;
}

export interface StreamBatchProps<T> {
  readonly policy: RetryPolicy;
  /**
   * @returns the position of the record from which to continue, `undefined` if all of them succeeded, or `throttled` if
   * Lambda did not invoke the function
   */
  readonly attempt: (records: readonly T[]) => Promise<number | "throttled" | undefined>;
  readonly isTooOld: (record: T) => boolean;
  /** Sends them to the failure destination. */
  readonly discard: (range: DiscardedRange<T>) => Promise<void>;
  /** Called in the stream's order: the mapping has finished with this record and all before it. */
  readonly checkpoint: (record: T) => void;
  /** Waits before the given retry of a failed or throttled batch; the first one is 1. */
  readonly pause: (retry: number) => Promise<void>;
}

interface Part<T> {
  readonly records: readonly T[];
  readonly retries: number;
}

/**
 * Processes one batch of a shard, in order, as Lambda's developer guide describes it:
 * - Records that are too old are discarded.
 * - If a record other than the first fails, the records before it are finished, and the rest becomes a new batch.
 * - If the first record fails, the batch is split if bisecting is on, which does not count as a retry. Otherwise it is
 *   retried, and discarded to the failure destination once its retries are exhausted.
 * - A throttle is not an attempt: the batch is tried again until its records are too old.
 */
export async function processStreamBatch<T>(
  records: readonly T[],
  { policy, attempt, isTooOld, discard, checkpoint, pause }: StreamBatchProps<T>,
): Promise<void> {
  const parts: Part<T>[] = [{ records, retries: 0 }];
  let throttles = 0;
  const done = (finished: readonly T[]) => checkpoint(finished.at(-1) as T);
  for (let part = parts.shift(); part; part = parts.shift()) {
    const { retries } = part;
    const fresh = part.records.findIndex((record) => !isTooOld(record));
    if (fresh !== 0) {
      const [old, rest] = split(part.records, fresh === -1 ? part.records.length : fresh);
      await discard({ records: old, condition: "RecordAgeExceeded", attempts: retries });
      done(old);
      if (rest.length > 0) parts.unshift({ records: rest, retries });
      continue;
    }
    const failedAt = await attempt(part.records);
    throttles = failedAt === "throttled" ? throttles + 1 : 0;
    if (failedAt === "throttled") {
      await pause(throttles);
      parts.unshift(part);
    } else if (failedAt === undefined) done(part.records);
    else if (failedAt > 0) {
      const [finished, rest] = split(part.records, failedAt);
      done(finished);
      parts.unshift({ records: rest, retries: 0 });
    } else if (policy.bisectBatchOnFunctionError && part.records.length > 1) {
      const halves = split(part.records, Math.ceil(part.records.length / 2));
      parts.unshift(...halves.map((half) => ({ records: half, retries })));
    } else if (policy.maximumRetryAttempts === -1 || retries < policy.maximumRetryAttempts) {
      await pause(retries + 1);
      parts.unshift({ records: part.records, retries: retries + 1 });
    } else {
      await discard({ records: part.records, condition: "RetryAttemptsExhausted", attempts: retries + 1 });
      done(part.records);
    }
  }
}

function split<T>(records: readonly T[], at: number): [readonly T[], readonly T[]] {
  return [records.slice(0, at), records.slice(at)];
}
