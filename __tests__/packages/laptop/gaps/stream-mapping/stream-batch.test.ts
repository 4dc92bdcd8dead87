import fc from "fast-check";
import {
  type DiscardedRange,
  processStreamBatch,
} from "../../../../../packages/laptop/gaps/stream-mapping/stream-batch";
import { campaignSize } from "../../../../support/campaign";

const numRuns = campaignSize(2_000, 100_000);

interface World {
  readonly size: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly maximumRetryAttempts: number;
  /** Records that always fail. */
  readonly poison: ReadonlySet<number>;
  /** Attempts in which the function throws, whatever the records. */
  readonly throwing: ReadonlySet<number>;
  /** Calls that Lambda throttles. */
  readonly throttled: ReadonlySet<number>;
  readonly reportsFailures: boolean;
  /** Records that become too old, each at a given attempt. */
  readonly aging: ReadonlyMap<number, number>;
  /** The mapping is stopped before this attempt. */
  readonly stoppedAt: number;
}

const positions = (size: number) => fc.uniqueArray(fc.nat(size - 1)).map((found) => new Set(found));

const worlds: fc.Arbitrary<World> = fc.integer({ min: 1, max: 30 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    bisectBatchOnFunctionError: fc.boolean(),
    maximumRetryAttempts: fc.nat(4),
    poison: positions(size),
    throwing: positions(60),
    throttled: positions(80),
    reportsFailures: fc.boolean(),
    aging: fc.oneof(
      fc.constant(new Map()),
      fc.tuple(fc.nat(size - 1), fc.nat(10)).map(([last, at]) => {
        const old = Array.from({ length: last + 1 }, (_, record) => [record, at + record] as const);
        return new Map(old);
      }),
    ),
    stoppedAt: fc.integer({ min: 0, max: 200 }),
  }),
);

class Stopped extends Error {}

/** Processes one batch in a world, from a given record on, and records everything that happens to it. */
const simulate = async (world: World, from: number, stoppedAt = Number.POSITIVE_INFINITY) => {
  const records = Array.from({ length: world.size - from }, (_, index) => from + index);
  const tried = new Map<number, number>();
  const attempts: (readonly number[])[] = [];
  const succeeded = new Set<number>();
  const discarded: DiscardedRange<number>[] = [];
  const checkpoints: number[] = [];
  const pauses: number[] = [];
  const waits: number[] = [];
  let calls = 0;
  let throttled = false;
  const running = processStreamBatch(records, {
    policy: world,
    attempt: async (batch) => {
      if (attempts.length === stoppedAt) throw new Stopped();
      throttled = world.throttled.has(calls++);
      if (throttled) return "throttled";
      attempts.push(batch);
      for (const record of batch) tried.set(record, (tried.get(record) ?? 0) + 1);
      if (world.throwing.has(attempts.length)) return 0;
      const failed = batch.findIndex((record) => world.poison.has(record));
      const fine =
        failed === -1
          ? batch
          : world.reportsFailures
            ? batch.filter((record) => !world.poison.has(record))
            : [];
      for (const record of fine) succeeded.add(record);
      if (failed === -1) return undefined;
      return world.reportsFailures ? failed : 0;
    },
    isTooOld: (record) => attempts.length > (world.aging.get(record) ?? Number.POSITIVE_INFINITY),
    discard: async (range) => void discarded.push(range),
    checkpoint: (record) => void checkpoints.push(record),
    pause: async (retry) => void (throttled ? waits : pauses).push(retry),
  });
  await running.catch((error) => {
    if (!(error instanceof Stopped)) throw error;
  });
  const lost = new Set(discarded.flatMap(({ records: range }) => range));
  return { records, tried, attempts, succeeded, discarded, lost, checkpoints, pauses, waits };
};

describe("processStreamBatch", () => {
  it("processes or discards each record, and moves its checkpoint to the end, in order", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { records, succeeded, lost, checkpoints } = await simulate(world, 0);

        expect(records.filter((record) => !succeeded.has(record) && !lost.has(record))).toEqual([]);
        expect(checkpoints).toEqual([...new Set(checkpoints)].sort((one, other) => one - other));
        expect(checkpoints.at(-1)).toBe(world.size - 1);
      }),
      { numRuns },
    );
  });

  it("never moves its checkpoint past a record that was neither processed nor discarded, whenever it is stopped", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const first = await simulate(world, 0, world.stoppedAt);
        const next = (first.checkpoints.at(-1) ?? -1) + 1;
        const passed = first.records.slice(0, next);
        expect(passed.filter((record) => !first.succeeded.has(record) && !first.lost.has(record))).toEqual(
          [],
        );

        const second = next < world.size ? await simulate(world, next) : undefined;

        const done = (record: number) =>
          [first, second].some((run) => run?.succeeded.has(record) || run?.lost.has(record));
        expect(first.records.filter((record) => !done(record))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("discards a batch after the configured retries, and waits before each of them", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { discarded, pauses } = await simulate(world, 0);

        for (const { condition, attempts } of discarded) {
          if (condition === "RetryAttemptsExhausted") expect(attempts).toBe(world.maximumRetryAttempts + 1);
        }
        expect(Math.max(0, ...pauses)).toBeLessThanOrEqual(world.maximumRetryAttempts);
      }),
      { numRuns },
    );
  });

  it("discards only poison records if it bisects, and otherwise at most one batch", async () => {
    const noThrowing = worlds.map((world) => ({ ...world, throwing: new Set<number>(), aging: new Map() }));
    await fc.assert(
      fc.asyncProperty(noThrowing, async (world) => {
        const { discarded, lost, succeeded } = await simulate(world, 0);

        if (world.bisectBatchOnFunctionError) {
          expect(discarded.filter(({ records }) => records.length > 1)).toEqual([]);
          expect([...lost].sort()).toEqual([...world.poison].sort());
        } else expect(discarded.length).toBe(world.poison.size > 0 ? 1 : 0);
        if (world.reportsFailures) expect(succeeded.size).toBe(world.size - world.poison.size);
      }),
      { numRuns },
    );
  });

  it("redelivers from the lowest failure on, and nothing before it", async () => {
    const world = {
      size: 5,
      bisectBatchOnFunctionError: false,
      maximumRetryAttempts: 1,
      poison: new Set([2]),
      throwing: new Set<number>(),
      throttled: new Set<number>(),
      reportsFailures: true,
      aging: new Map(),
      stoppedAt: 0,
    };

    const { attempts, discarded, checkpoints } = await simulate(world, 0);

    expect(attempts).toEqual([
      [0, 1, 2, 3, 4],
      [2, 3, 4],
      [2, 3, 4],
    ]);
    expect(discarded).toEqual([{ records: [2, 3, 4], condition: "RetryAttemptsExhausted", attempts: 2 }]);
    expect(checkpoints).toEqual([1, 4]);
  });

  it("discards records that are too old without trying them", async () => {
    const world = {
      size: 3,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: -1,
      poison: new Set<number>(),
      throwing: new Set<number>(),
      throttled: new Set<number>(),
      reportsFailures: true,
      aging: new Map([
        [0, -1],
        [1, -1],
      ]),
      stoppedAt: 0,
    };

    const { attempts, discarded } = await simulate(world, 0);

    expect(attempts).toEqual([[2]]);
    expect(discarded).toEqual([{ records: [0, 1], condition: "RecordAgeExceeded", attempts: 0 }]);
  });

  it("retries indefinitely if only the age limits it", async () => {
    const world = {
      size: 1,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: -1,
      poison: new Set([0]),
      throwing: new Set<number>(),
      throttled: new Set<number>(),
      reportsFailures: true,
      aging: new Map([[0, 49]]),
      stoppedAt: 0,
    };

    const { attempts, discarded, pauses } = await simulate(world, 0);

    expect(attempts).toHaveLength(50);
    expect(pauses).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(discarded).toEqual([{ records: [0], condition: "RecordAgeExceeded", attempts: 50 }]);
  });

  it("waits longer each time while it is throttled, and does not count that as an attempt", async () => {
    const world = {
      size: 2,
      bisectBatchOnFunctionError: false,
      maximumRetryAttempts: 0,
      poison: new Set([1]),
      throwing: new Set<number>(),
      throttled: new Set([0, 1, 2, 4]),
      reportsFailures: true,
      aging: new Map(),
      stoppedAt: 0,
    };

    const { attempts, discarded, waits } = await simulate(world, 0);

    expect(attempts).toEqual([[0, 1], [1]]);
    expect(waits).toEqual([1, 2, 3, 1]);
    expect(discarded).toEqual([{ records: [1], condition: "RetryAttemptsExhausted", attempts: 1 }]);
  });

  it("discards records that become too old while it is throttled, and tries the others", async () => {
    let minutes = 0;
    const attempts: (readonly number[])[] = [];
    const discarded: DiscardedRange<number>[] = [];

    await processStreamBatch([1, 20, 30], {
      policy: { bisectBatchOnFunctionError: false, maximumRetryAttempts: -1 },
      attempt: async (records) => {
        if (minutes < 10) return "throttled";
        attempts.push(records);
        return undefined;
      },
      isTooOld: (writtenAt) => minutes > writtenAt,
      discard: async (range) => void discarded.push(range),
      checkpoint: () => {},
      pause: async () => void minutes++,
    });

    expect(discarded).toEqual([{ records: [1], condition: "RecordAgeExceeded", attempts: 0 }]);
    expect(attempts).toEqual([[20, 30]]);
  });
});
