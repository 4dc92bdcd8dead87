/** The check failed. The message says what was found, and what was expected. */
export class CheckFailedError extends Error {
  override readonly name = "CheckFailedError";
}

/** The check could not be made here. The message says why. */
export class UncheckedError extends Error {
  override readonly name = "UncheckedError";
}

/** @throws CheckFailedError with every problem, if there is one */
export function requireNoProblems(problems: readonly (string | false | undefined)[]): void {
  const found = problems.filter((problem) => problem !== false && problem !== undefined);
  if (found.length > 0) throw new CheckFailedError(found.join("; "));
}

/** @returns the problem, for {@link requireNoProblems}; undefined if the values are equal as JSON */
export function differs(what: string, actual: unknown, expected: unknown): string | undefined {
  const [is, shouldBe] = [actual, expected].map((value) => JSON.stringify(sorted(value)));
  return is === shouldBe ? undefined : `${what} is ${is ?? "missing"}, not ${shouldBe ?? "absent"}`;
}

/** AWS returns property names in any order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, child]) => [name, sorted(child)]);
}
