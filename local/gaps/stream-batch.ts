/** What a mapping says of batches that fail; a limit that is not given is none. */
export interface BatchLimits {
  /** Attempts beyond the first; splitting a batch uses up none of them. */
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumRecordAgeSeconds?: number | undefined;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
}

export interface StreamRecord {
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        /** Seconds since 1970. */
        readonly ApproximateCreationDateTime?: number | undefined;
      }
    | undefined;
}

/** How one invocation ended; `answer` is what the function returned. */
export type Attempt = { readonly failed: true } | { readonly failed: false; readonly answer: unknown };

export interface Discarded<Record> {
  readonly records: readonly Record[];
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  readonly attempts: number;
}

export interface BatchProps<Record> {
  readonly limits: BatchLimits;
  readonly invoke: (records: readonly Record[]) => Promise<Attempt>;
  /** Told what is given up, for the failure destination. */
  readonly discard: (discarded: Discarded<Record>) => Promise<void> | void;
  /** Waits before a batch is tried again for so many times. */
  readonly pause: (retries: number) => Promise<void> | void;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
}

/**
 * One batch of a stream, as the guide of Lambda has its event source mapping ("Retain discarded records", "Configuring
 * partial batch response"): what has failed is delivered again from the lowest record that did; it is split where that is
 * on, or tried again, until it is too old or was tried too often, and then discarded. It ends when nothing is left.
 */
export async function processBatch<Record extends StreamRecord>(
  records: readonly Record[],
  props: BatchProps<Record>,
  retries = 0,
  attempts = 1,
): Promise<void> {
  const { limits, clock = Date.now } = props;
  const fresh = records.findIndex((record) => !isTooOld(record, limits, clock()));
  const old = fresh < 0 ? records : records.slice(0, fresh);
  if (old.length > 0) {
    await props.discard({ records: old, condition: "RecordAgeExceeded", attempts });
    if (fresh > 0) await processBatch(records.slice(fresh), props, retries, attempts);
    return;
  }
  const failedAt = lowestFailure(records, await props.invoke(records), limits);
  if (failedAt === undefined) return;
  const rest = records.slice(failedAt);
  // Progress was made: what is left is a batch of its own.
  if (failedAt > 0) return processBatch(rest, props);
  if (limits.bisectBatchOnFunctionError && rest.length > 1) {
    const middle = Math.ceil(rest.length / 2);
    await processBatch(rest.slice(0, middle), props, retries, attempts + 1);
    return processBatch(rest.slice(middle), props, retries, attempts + 1);
  }
  if (retries >= (limits.maximumRetryAttempts ?? Number.POSITIVE_INFINITY)) {
    return props.discard({ records: rest, condition: "RetryAttemptsExhausted", attempts });
  }
  await props.pause(retries);
  return processBatch(rest, props, retries + 1, attempts + 1);
}

/** @returns where in the batch the mapping begins again, or undefined where it is done */
function lowestFailure(
  records: readonly StreamRecord[],
  attempt: Attempt,
  { reportBatchItemFailures }: BatchLimits,
): number | undefined {
  if (attempt.failed) return 0;
  if (!reportBatchItemFailures) return undefined;
  const { batchItemFailures } = (attempt.answer ?? {}) as { readonly batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return undefined;
  if (!Array.isArray(batchItemFailures)) return 0;
  const failed = new Set(batchItemFailures.map((failure) => failure?.itemIdentifier));
  // An identifier that is empty or missing makes the whole batch a failure.
  if ([...failed].some((identifier) => typeof identifier !== "string" || identifier === "")) return 0;
  const lowest = records.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber));
  // One that is none of the batch's is no failure to Lambda.
  return lowest < 0 ? undefined : lowest;
}

function isTooOld(
  { dynamodb }: StreamRecord,
  { maximumRecordAgeSeconds }: BatchLimits,
  now: number,
): boolean {
  const made = dynamodb?.ApproximateCreationDateTime;
  if (made === undefined || maximumRecordAgeSeconds === undefined) return false;
  return now / 1000 - made > maximumRecordAgeSeconds;
}
