import type { Violation } from "./check-stack";

/** Every problem found in a stack. Whoever reads a failed synth needs the message, not a stack trace. */
export class GuardrailError extends Error {
  readonly forUser = true;

  constructor(stackPath: string, violations: readonly Violation[], optionProblems: readonly string[]) {
    super(messageOf(stackPath, violations, optionProblems));
    this.name = "GuardrailError";
    // Node.js prints an uncaught error's stack, so that is the message too.
    this.stack = this.message;
  }
}

function messageOf(
  stackPath: string,
  violations: readonly Violation[],
  optionProblems: readonly string[],
): string {
  const count = violations.length + optionProblems.length;
  const heading = `${stackPath} breaks ${count} guardrail${count === 1 ? "" : "s"}:`;
  const broken = violations.map(
    ({ rule, path, found }, index) =>
      `${index + 1}. ${rule.id} at ${path}\n   found: ${found}\n   why:   ${rule.why}\n   fix:   ${rule.fix}`,
  );
  const options = optionProblems.map((problem, index) => `${violations.length + index + 1}. ${problem}`);
  const wayOut =
    'To keep a resource as it is, suppress the rule: Guardrails.apply(stack, { suppressions: [{ rule: "…", resource: "…", reason: "…" }] }).';
  return [heading, ...broken, ...options, wayOut].join("\n\n");
}
