/** The result of a check. A check that could not be made is unchecked: neither passed nor failed. */
export type Verdict = "passed" | "warned" | "failed" | "unchecked";

export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  /** What was found, in one line. */
  readonly detail: string;
  /** How to fix it, if it needs fixing. */
  readonly remedy?: string;
}

export const signs: Readonly<Record<Verdict, string>> = {
  passed: "✓",
  warned: "!",
  failed: "✗",
  unchecked: "-",
};

/** How many findings have each verdict. Zero counts are shown only for passed and failed. */
export function countsOf(findings: readonly Finding[]): string {
  const words: readonly (readonly [Verdict, string])[] = [
    ["passed", "passed"],
    ["warned", "warned"],
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
