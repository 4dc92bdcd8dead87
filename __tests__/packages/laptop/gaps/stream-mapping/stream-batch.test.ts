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
  /** Records at which the function always fails. */
  readonly poison: ReadonlySet<number>;
  /** Attempts of which the function fails as a whole, whatever is in them. */
  readonly stormy: ReadonlySet<number>;
  readonly reportsFailures: boolean;
  /** Records that become too old, each at an attempt. */
  readonly aging: ReadonlyMap<number, number>;
  /** The attempt before which the mapping is stopped. */
  readonly stoppedAt: number;
}

const positions = (size: number) => fc.uniqueArray(fc.nat(size - 1)).map((found) => new Set(found));

const worlds: fc.Arbitrary<World> = fc.integer({ min: 1, max: 30 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    bisectBatchOnFunctionError: fc.boolean(),
    maximumRetryAttempts: fc.nat(4),
    poison: positions(size),
    stormy: positions(60),
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

/** One batch in a world, from a record on, and all that becomes of it. */
const play = async (world: World, from: number, stoppedAt = Number.POSITIVE_INFINITY) => {
  const records = Array.from({ length: world.size - from }, (_, index) => from + index);
  const tries = new Map<number, number>();
  const attempts: (readonly number[])[] = [];
  const succeeded = new Set<number>();
  const discarded: DiscardedRange<number>[] = [];
  const checkpoints: number[] = [];
  const pauses: number[] = [];
  const running = processStreamBatch(records, {
    policy: world,
    attempt: async (batch) => {
      if (attempts.length === stoppedAt) throw new Stopped();
      attempts.push(batch);
      for (const record of batch) tries.set(record, (tries.get(record) ?? 0) + 1);
      if (world.stormy.has(attempts.length)) return 0;
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
    pause: async (retry) => void pauses.push(retry),
  });
  await running.catch((error) => {
    if (!(error instanceof Stopped)) throw error;
  });
  const given = new Set(discarded.flatMap(({ records: range }) => range));
  return { records, tries, attempts, succeeded, discarded, given, checkpoints, pauses };
};

describe("processStreamBatch", () => {
  it("has each record processed or given up, and moves its checkpoint to the end, in order", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { records, succeeded, given, checkpoints } = await play(world, 0);

        expect(records.filter((record) => !succeeded.has(record) && !given.has(record))).toEqual([]);
        expect(checkpoints).toEqual([...new Set(checkpoints)].sort((one, other) => one - other));
        expect(checkpoints.at(-1)).toBe(world.size - 1);
      }),
      { numRuns },
    );
  });

  it("leaves no record behind its checkpoint that was neither processed nor given up, whenever it is stopped", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const first = await play(world, 0, world.stoppedAt);
        const next = (first.checkpoints.at(-1) ?? -1) + 1;
        const passed = first.records.slice(0, next);
        expect(passed.filter((record) => !first.succeeded.has(record) && !first.given.has(record))).toEqual(
          [],
        );

        const second = next < world.size ? await play(world, next) : undefined;

        const done = (record: number) =>
          [first, second].some((played) => played?.succeeded.has(record) || played?.given.has(record));
        expect(first.records.filter((record) => !done(record))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("gives up after the retries that the mapping has, and waits before each of them", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { discarded, pauses } = await play(world, 0);

        for (const { condition, attempts } of discarded) {
          if (condition === "RetryAttemptsExhausted") expect(attempts).toBe(world.maximumRetryAttempts + 1);
        }
        expect(Math.max(0, ...pauses)).toBeLessThanOrEqual(world.maximumRetryAttempts);
      }),
      { numRuns },
    );
  });

  it("gives up poison alone where it bisects, and the rest behind it at most once where it does not", async () => {
    const calm = worlds.map((world) => ({ ...world, stormy: new Set<number>(), aging: new Map() }));
    await fc.assert(
      fc.asyncProperty(calm, async (world) => {
        const { discarded, given, succeeded } = await play(world, 0);

        if (world.bisectBatchOnFunctionError) {
          expect(discarded.filter(({ records }) => records.length > 1)).toEqual([]);
          expect([...given].sort()).toEqual([...world.poison].sort());
        } else expect(discarded.length).toBe(world.poison.size > 0 ? 1 : 0);
        if (world.reportsFailures) expect(succeeded.size).toBe(world.size - world.poison.size);
      }),
      { numRuns },
    );
  });

  it("delivers again from the lowest failure on, and none of what is before it", async () => {
    const world = {
      size: 5,
      bisectBatchOnFunctionError: false,
      maximumRetryAttempts: 1,
      poison: new Set([2]),
      stormy: new Set<number>(),
      reportsFailures: true,
      aging: new Map(),
      stoppedAt: 0,
    };

    const { attempts, discarded, checkpoints } = await play(world, 0);

    expect(attempts).toEqual([
      [0, 1, 2, 3, 4],
      [2, 3, 4],
      [2, 3, 4],
    ]);
    expect(discarded).toEqual([{ records: [2, 3, 4], condition: "RetryAttemptsExhausted", attempts: 2 }]);
    expect(checkpoints).toEqual([1, 4]);
  });

  it("gives up what is too old before it is tried at all", async () => {
    const world = {
      size: 3,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: -1,
      poison: new Set<number>(),
      stormy: new Set<number>(),
      reportsFailures: true,
      aging: new Map([
        [0, -1],
        [1, -1],
      ]),
      stoppedAt: 0,
    };

    const { attempts, discarded } = await play(world, 0);

    expect(attempts).toEqual([[2]]);
    expect(discarded).toEqual([{ records: [0, 1], condition: "RecordAgeExceeded", attempts: 0 }]);
  });

  it("tries again without end where nothing bounds it but age", async () => {
    const world = {
      size: 1,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: -1,
      poison: new Set([0]),
      stormy: new Set<number>(),
      reportsFailures: true,
      aging: new Map([[0, 49]]),
      stoppedAt: 0,
    };

    const { attempts, discarded, pauses } = await play(world, 0);

    expect(attempts).toHaveLength(50);
    expect(pauses).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(discarded).toEqual([{ records: [0], condition: "RecordAgeExceeded", attempts: 50 }]);
  });
});
