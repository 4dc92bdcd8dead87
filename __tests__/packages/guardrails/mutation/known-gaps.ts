import type { MutantKind } from "./mutant-kind";

/** Faults that nothing catches. They count against the score. */
export const knownGaps: readonly MutantKind[] = [];
