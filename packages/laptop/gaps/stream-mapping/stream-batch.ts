/** How a batch of a stream that fails is gone about. */
export interface RetryPolicy {
  readonly bisectBatchOnFunctionError: boolean;
  /** Attempts beyond the first; -1 for no bound but the records' age. */
  readonly maximumRetryAttempts: number;
}

/** Records that were given up. */
export interface DiscardedRange<T> {
  readonly records: readonly T[];
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  /** How often they were tried since the batch last made progress; splitting it counts as none. */
  readonly attempts: number;
}

export interface StreamBatchProps<T> {
  readonly policy: RetryPolicy;
  /** @returns where among the records the mapping begins again, or `undefined` where it is done with all of them */
  readonly attempt: (records: readonly T[]) => Promise<number | undefined>;
  readonly isTooOld: (record: T) => boolean;
  /** Tells the failure destination. */
  readonly discard: (range: DiscardedRange<T>) => Promise<void>;
  /** Called in the stream's order: the mapping has no more to do with this record and those before. */
  readonly checkpoint: (record: T) => void;
  /** Waits before the `retry`-th attempt beyond the first. */
  readonly pause: (retry: number) => Promise<void>;
}

interface Part<T> {
  readonly records: readonly T[];
  readonly retries: number;
}

/**
 * One batch of a shard, as Lambda's developer guide has it, in order: what is too old is given up; a failure at a later
 * record leaves those before it done, and the rest is a batch of its own; one at the first record splits the batch where
 * that is on, which uses up no retry, or has it tried again, until it is given up to the failure destination.
 */
export async function processStreamBatch<T>(
  records: readonly T[],
  { policy, attempt, isTooOld, discard, checkpoint, pause }: StreamBatchProps<T>,
): Promise<void> {
  const parts: Part<T>[] = [{ records, retries: 0 }];
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
    if (failedAt === undefined) done(part.records);
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
