/** The candidate that takes the fewest edits to reach from `name`, whatever their case. Undefined if there is none. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({
    candidate,
    edits: editsBetween(name.toLowerCase(), candidate.toLowerCase()),
  }));
  return ranked.sort((one, other) => one.edits - other.edits)[0]?.candidate;
}

/** The Levenshtein distance: how many characters must be added, removed or replaced. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, otherCharacter] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (character === otherCharacter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
