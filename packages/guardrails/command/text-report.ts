import type { CheckedStack } from "./checked-stack";

/** Every finding with its file and line, then one line that counts them. */
export function textReport(stacks: readonly CheckedStack[]): string {
  const found = stacks.flatMap(({ file, violations }) =>
    violations.map(
      ({ rule, severity, path, found: fact, line }) =>
        `${file}:${line} ${severity} ${rule.id} at ${path}\n  found: ${fact}\n  why:   ${rule.why}\n  fix:   ${rule.fix}`,
    ),
  );
  const problems = stacks.flatMap(({ name, optionProblems }) =>
    optionProblems.map((problem) => `error in the options for ${name}: ${problem}`),
  );
  return `${[...found, ...problems, summary(stacks)].join("\n\n")}\n`;
}

function summary(stacks: readonly CheckedStack[]): string {
  const violations = stacks.flatMap((stack) => stack.violations);
  const warnings = violations.filter(({ severity }) => severity === "warning").length;
  const errors = violations.length - warnings + stacks.flatMap((stack) => stack.optionProblems).length;
  return `${counted(stacks.length, "stack")}: ${counted(errors, "error")}, ${counted(warnings, "warning")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
