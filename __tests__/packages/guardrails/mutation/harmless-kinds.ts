import type { MutantKind } from "./mutant-kind";

/** Changes after which everything works as before. */
export const harmlessKinds: readonly MutantKind[] = [];
