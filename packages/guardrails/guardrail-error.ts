import type { Violation } from "./check-stack";

/** All that is wrong with a stack, for the reader of a failed synth, who needs no stack trace. */
export class GuardrailError extends Error {
  readonly forUser = true;

  constructor(stackPath: string, violations: readonly Violation[], suppressionProblems: readonly string[]) {
    super(messageOf(stackPath, violations, suppressionProblems));
    this.name = "GuardrailError";
    // Programs other than scripts/run.mjs print it as Node.js does, by its stack.
    this.stack = this.message;
  }
}

function messageOf(
  stackPath: string,
  violations: readonly Violation[],
  suppressionProblems: readonly string[],
): string {
  const count = violations.length + suppressionProblems.length;
  const heading = `${stackPath} breaks ${count} guardrail${count === 1 ? "" : "s"}:`;
  const broken = violations.map(
    ({ rule, path, found }, index) =>
      `${index + 1}. ${rule.id} at ${path}\n   found: ${found}\n   why:   ${rule.why}\n   fix:   ${rule.fix}`,
  );
  const suppressions = suppressionProblems.map(
    (problem, index) => `${violations.length + index + 1}. ${problem}`,
  );
  const ways =
    'What must stay as it is can be suppressed: Guardrails.apply(stack, { suppressions: [{ rule: "…", resource: "…", reason: "…" }] }).';
  return [heading, ...broken, ...suppressions, ways].join("\n\n");
}
