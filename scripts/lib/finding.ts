/** What a check says of what it looked at. What could not be looked at has neither passed nor failed. */
export type Verdict = "passed" | "warned" | "failed" | "unchecked";

export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  /** What was found, in one line. */
  readonly detail: string;
  /** What to do about it, where it is not as it should be. */
  readonly remedy?: string;
}

export const signs: Readonly<Record<Verdict, string>> = {
  passed: "✓",
  warned: "!",
  failed: "✗",
  unchecked: "-",
};

/** How many there are of each verdict, as a sentence that leaves out what there is none of. */
export function countsOf(findings: readonly Finding[]): string {
  const words: readonly (readonly [Verdict, string])[] = [
    ["passed", "passed"],
    ["warned", "to look at"],
    ["failed", "failed"],
    ["unchecked", "could not be checked"],
  ];
  return words
    .map(
      ([verdict, word]) => [findings.filter((finding) => finding.verdict === verdict).length, word] as const,
    )
    .filter(([count, word]) => count > 0 || word === "passed" || word === "failed")
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}
