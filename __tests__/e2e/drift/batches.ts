import type { Mutation } from "./mutation";

/** Sorts mutations into batches that can be planted together, one per resource, in an order that depends on the seed. */
export function batchesOf(mutations: readonly Mutation[], seed: number): readonly (readonly Mutation[])[] {
  const random = randomNumbers(seed);
  const batches: Mutation[][] = [];
  const order = mutations
    .map((mutation) => ({ mutation, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ mutation }) => mutation);
  for (const mutation of order) {
    const batch = batches.find((others) => others.every(({ address }) => address !== mutation.address));
    if (batch) batch.push(mutation);
    else batches.push([mutation]);
  }
  return batches;
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
