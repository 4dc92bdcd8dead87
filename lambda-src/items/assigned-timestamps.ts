import { ITEM_TIMESTAMP_MAX } from "./item-limits";

/**
 * How many milliseconds ahead of the clock an item can be for a new one to be placed after it. Items further
 * ahead are ignored.
 */
export const NEAR_MS = 1_024;

/**
 * Ranges of milliseconds to draw from after the first timestamp turned out to be taken. The last ones fill the
 * minute ahead of the clock.
 */
export const RANGES_MS = [1, 256, 4_096, 58_000, 58_000, 58_000, 58_000, 58_000, 58_000, 58_000] as const;

/** The newest timestamp that the id has from `from` to `to`, both included. */
export type FindNewest = (from: number, to: number) => Promise<number | undefined>;

/**
 * Timestamps to try for a new item, eleven at most: the current millisecond; then the one after the newest item
 * near the clock, so that a client's items keep their order; then random ones after that, because whoever is
 * still refused competes with others. 200 requests without a key in one millisecond need one search and three
 * attempts in the median.
 *
 * @param clock milliseconds since 1970
 */
export async function* assignedTimestamps(
  clock: () => number,
  findNewest: FindNewest,
): AsyncGenerator<number> {
  yield clock();
  const now = clock();
  const newest = await findNewest(now, now + NEAR_MS);
  const first = newest === undefined ? now : newest + 1;
  for (const range of RANGES_MS) {
    yield Math.min(first + Math.floor(Math.random() * range), ITEM_TIMESTAMP_MAX);
  }
}
