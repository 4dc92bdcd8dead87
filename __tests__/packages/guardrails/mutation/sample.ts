import type { Mutant } from "./mutants";

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Some of a list, in random order. */
export function sampleOf<T>(all: readonly T[], count: number, next: () => number): readonly T[] {
  return all
    .map((each) => [next(), each] as const)
    .sort(([one], [other]) => one - other)
    .slice(0, count)
    .map(([, each]) => each);
}

/** Chooses the first mutant of each operator on each kind of value, and a share of the others. */
export function oneOfEach(share: number, next: () => number): (mutant: Mutant) => boolean {
  const seen = new Set<string>();
  return ({ operator, valueKind }) => {
    const key = `${operator} ${valueKind}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return next() < share || isNew;
  };
}
