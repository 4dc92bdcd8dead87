import type { Deployment } from "./deployment";

/** One thing that must hold of a deployment: looked at in what is live, never in the template. */
export interface Check {
  /** `<part>/<fact>`: what reports and --except name it by. */
  readonly name: string;
  /**
   * @returns what was found, in one line
   * @throws NotSoError where it does not hold, UncheckedError where it cannot be told; anything else counts as failed
   */
  readonly run: (deployment: Deployment, report: (detail: string) => void) => Promise<string>;
  /** Whether the environment has what is looked at. @default it has */
  readonly applies?: (deployment: Deployment) => boolean;
}

/** It does not hold: the message says what was found instead, and what was expected. */
export class NotSoError extends Error {
  override readonly name = "NotSoError";
}

/** It cannot be told here, and why. */
export class UncheckedError extends Error {
  override readonly name = "UncheckedError";
}

/** @throws NotSoError with every problem, where there is one */
export function requireNone(problems: readonly (string | false | undefined)[]): void {
  const found = problems.filter((problem) => problem !== false && problem !== undefined);
  if (found.length > 0) throw new NotSoError(found.join("; "));
}

/** @returns the problem as {@link requireNone} takes it, or undefined where the values are the same as JSON */
export function differs(what: string, actual: unknown, expected: unknown): string | undefined {
  const [is, shouldBe] = [actual, expected].map((value) => JSON.stringify(sorted(value)));
  return is === shouldBe ? undefined : `${what} is ${is ?? "not there"}, not ${shouldBe ?? "absent"}`;
}

/** AWS gives names in any order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, child]) => [name, sorted(child)]);
}
