import type { CheckedStack } from "./checked-stack";

/** One JSON document for scripts. */
export function jsonReport(stacks: readonly CheckedStack[]): string {
  const report = {
    stacks: stacks.map(({ name, file, violations, optionProblems }) => ({
      name,
      file,
      violations: violations.map(({ rule, severity, path, found, line }) => ({
        rule: rule.id,
        group: rule.group,
        severity,
        resource: path,
        line,
        found,
        why: rule.why,
        fix: rule.fix,
      })),
      optionProblems,
    })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
