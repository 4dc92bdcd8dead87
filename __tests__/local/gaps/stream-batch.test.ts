import fc from "fast-check";
import { type Attempt, type BatchLimits, processBatch } from "../../../local/gaps/stream-batch";

const now = 1_700_000_000_000;

interface Placed {
  readonly position: number;
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
}

const limits: BatchLimits = {
  maximumRetryAttempts: 2,
  maximumRecordAgeSeconds: 60,
  bisectBatchOnFunctionError: true,
  reportBatchItemFailures: true,
};

const record = (position: number, ageSeconds = 0): Placed => ({
  position,
  dynamodb: { SequenceNumber: `${position}`, ApproximateCreationDateTime: now / 1000 - ageSeconds },
});

/** Runs a batch, and tells by positions what was invoked and what was given up. */
async function run(
  records: readonly Placed[],
  invoke: (positions: readonly number[]) => Attempt,
  changed: Partial<BatchLimits> = {},
) {
  const invoked: (readonly number[])[] = [];
  const discarded: {
    readonly positions: readonly number[];
    readonly condition: string;
    readonly attempts: number;
  }[] = [];
  const pauses: number[] = [];
  await processBatch(records, {
    limits: { ...limits, ...changed },
    invoke: async (batch) => {
      const positions = batch.map(({ position }) => position);
      invoked.push(positions);
      return invoke(positions);
    },
    discard: ({ records: given, condition, attempts }) => {
      discarded.push({ positions: given.map(({ position }) => position), condition, attempts });
    },
    pause: (retries) => {
      pauses.push(retries);
    },
    clock: () => now,
  });
  return { invoked, discarded, pauses };
}

const batch = (count: number) => Array.from({ length: count }, (_, position) => record(position));
const failing = (...items: readonly unknown[]): Attempt => ({
  failed: false,
  answer: { batchItemFailures: items.map((itemIdentifier) => ({ itemIdentifier })) },
});

describe("processBatch", () => {
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an empty object", {}],
    ["no failures", { batchItemFailures: [] }],
    ["null for its failures", { batchItemFailures: null }],
    ["a failure of a record that is not in the batch", { batchItemFailures: [{ itemIdentifier: "99" }] }],
  ])("is done where the function answers %s", async (_, answer) => {
    const { invoked, discarded } = await run(batch(3), () => ({ failed: false, answer }));

    expect({ invoked, discarded }).toEqual({ invoked: [[0, 1, 2]], discarded: [] });
  });

  it.each<[string, Attempt]>([
    ["fails", { failed: true }],
    ["names no record", failing("")],
    ["names null", failing(null)],
    ["names a failure by another key", { failed: false, answer: { batchItemFailures: [{ id: "1" }] } }],
    ["answers failures that are no list", { failed: false, answer: { batchItemFailures: "1" } }],
  ])("takes the whole batch for failed where the function %s", async (_, attempt) => {
    const { invoked, discarded } = await run(batch(2), () => attempt, { bisectBatchOnFunctionError: false });

    expect(invoked).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(discarded).toEqual([{ positions: [0, 1], condition: "RetryAttemptsExhausted", attempts: 3 }]);
  });

  it("delivers again from the lowest record that failed, and takes what comes after it along", async () => {
    const { invoked } = await run(batch(4), (positions) =>
      positions.length === 4 ? failing("3", "1") : { failed: false, answer: undefined },
    );

    expect(invoked).toEqual([
      [0, 1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it("does not look at failures of records where the mapping does not ask for them", async () => {
    const { invoked } = await run(batch(2), () => failing("0"), { reportBatchItemFailures: false });

    expect(invoked).toEqual([[0, 1]]);
  });

  it("splits what failed without using up a retry, and waits longer before each", async () => {
    const { invoked, pauses } = await run(batch(2), () => ({ failed: true }));

    expect(invoked).toEqual([[0, 1], [0], [0], [0], [1], [1], [1]]);
    expect(pauses).toEqual([0, 1, 0, 1]);
  });

  it("gives up what is too old, before it is tried, and goes on with the rest", async () => {
    const records = [record(0, 61), record(1, 61), record(2, 60)];

    const { invoked, discarded } = await run(records, () => ({ failed: false, answer: undefined }));

    expect(discarded).toEqual([{ positions: [0, 1], condition: "RecordAgeExceeded", attempts: 1 }]);
    expect(invoked).toEqual([[2]]);
  });

  it("tries for ever what has no bound, until it succeeds", async () => {
    let tries = 0;
    const { discarded } = await run(
      batch(1),
      () => {
        tries += 1;
        return tries <= 1_000 ? { failed: true } : { failed: false, answer: undefined };
      },
      { maximumRetryAttempts: undefined, maximumRecordAgeSeconds: undefined },
    );

    expect({ tries, discarded }).toEqual({ tries: 1_001, discarded: [] });
  });

  it("processes each good record, and gives up each poison record, whatever the function reports", async () => {
    const position = fc.integer({ min: 0, max: 29 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(position, { maxLength: 6 }),
        fc.constantFrom("throws", "reports all", "reports one", "reports none of them"),
        fc.boolean(),
        async (poison, how, bisectBatchOnFunctionError) => {
          const done = new Set<number>();
          const { discarded } = await run(
            batch(30),
            (positions) => {
              const failed = positions.filter((one) => poison.includes(one));
              // What stands before the first poison record is processed, and all of it where failures are reported.
              for (const one of positions) {
                if (how === "throws" && poison.includes(one)) break;
                if (!poison.includes(one)) done.add(one);
              }
              if (failed.length === 0) return { failed: false, answer: undefined };
              if (how === "throws") return { failed: true };
              if (how === "reports all") return failing(...failed.map(String));
              return how === "reports one" ? failing(`${failed[0]}`) : failing("");
            },
            { bisectBatchOnFunctionError },
          );

          const given = new Set(discarded.flatMap(({ positions }) => positions));
          expect(poison.filter((one) => !given.has(one))).toEqual([]);
          const lost = batch(30).filter((one) => !done.has(one.position) && !given.has(one.position));
          expect(lost).toEqual([]);
          if (bisectBatchOnFunctionError) expect([...given].sort()).toEqual([...poison].sort());
        },
      ),
    );
  });
});
