/** The values of each factor, by the factor's name. The first value of each is its base. */
export type Factors = Readonly<Record<string, readonly unknown[]>>;
export type Row = Readonly<Record<string, unknown>>;

interface Pair {
  readonly names: readonly [string, string];
  readonly values: readonly [unknown, unknown];
}

/**
 * Rows in which every two values of different factors occur together, if any allowed row has them both. Most faults of
 * combined switches need only two of them, and these rows are far fewer than all combinations. The same factors always
 * give the same rows: each begins with the first pair that is still missing, and then takes, factor by factor, the value
 * that adds the most missing pairs.
 */
export function pairwise(factors: Factors, isAllowed: (row: Row) => boolean = () => true): readonly Row[] {
  const base: Row = Object.fromEntries(Object.entries(factors).map(([name, [first]]) => [name, first]));
  const missing = new Set(pairsOf(factors));
  const rows: Row[] = [];
  for (const pair of missing) {
    const row = rowWith(pair, { factors, base, missing, isAllowed });
    // No allowed row has this pair while the other factors have their base values: the two exclude each other.
    missing.delete(pair);
    if (!row) continue;
    rows.push(row);
    for (const other of missing) if (has(row, other)) missing.delete(other);
  }
  return rows;
}

/** Every two values of different factors. */
export function pairsOf(factors: Factors): readonly Pair[] {
  const names = Object.keys(factors);
  return names.flatMap((one, index) =>
    names
      .slice(index + 1)
      .flatMap((other) =>
        (factors[one] ?? []).flatMap((value) =>
          (factors[other] ?? []).map(
            (otherValue): Pair => ({ names: [one, other], values: [value, otherValue] }),
          ),
        ),
      ),
  );
}

export function has(row: Row, { names: [one, other], values: [value, otherValue] }: Pair): boolean {
  return row[one] === value && row[other] === otherValue;
}

function rowWith(
  { names: [one, other], values: [value, otherValue] }: Pair,
  {
    factors,
    base,
    missing,
    isAllowed,
  }: {
    readonly factors: Factors;
    readonly base: Row;
    readonly missing: ReadonlySet<Pair>;
    readonly isAllowed: (row: Row) => boolean;
  },
): Row | undefined {
  let chosen: Row = { [one]: value, [other]: otherValue };
  if (!isAllowed({ ...base, ...chosen })) return undefined;
  for (const [name, values] of Object.entries(factors)) {
    if (name in chosen) continue;
    const candidates = values
      .map((candidate) => ({ ...chosen, [name]: candidate }))
      .filter((candidate) => isAllowed({ ...base, ...candidate }))
      .map((candidate) => ({ candidate, added: [...missing].filter((pair) => has(candidate, pair)).length }));
    const best = candidates.reduce((most, next) => (next.added > most.added ? next : most));
    chosen = best.candidate;
  }
  return chosen;
}
