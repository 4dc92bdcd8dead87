import { PackageReader, type SourceLocator } from "./package-reader";
import type { GuardrailSettings, Rule, RuleInput } from "./rule";
import { allRules } from "./rules/all-rules";
import { StackView, type TerraformJson } from "./stack-view";

/** Exempts a resource from one rule, with a reason for the reviewer. */
export interface Suppression {
  /** The rule's id, for example `lambda-dead-letter-queue`. */
  readonly rule: string;
  /** Construct path of the resource, as shown in the violation, or of a construct that contains it. */
  readonly resource: string;
  readonly reason: string;
}

/** An error fails the synth, a warning is only shown. A rule that is off is not checked. */
export type Severity = "error" | "warning" | "off";

/** A rule that a resource breaks. */
export interface Violation {
  readonly rule: Rule;
  readonly severity: Exclude<Severity, "off">;
  /** Construct path of the resource, or the stack's name for the stack itself. */
  readonly path: string;
  readonly found: string;
}

export interface CheckOptions extends Partial<GuardrailSettings> {
  readonly suppressions?: readonly Suppression[];
  /** Rules of your own, checked after the package's. @default none */
  readonly rules?: readonly Rule[];
  /** By a rule's id or a group's name. A rule's own entry wins over its group's. @default every rule is an error */
  readonly severities?: Readonly<Record<string, Severity>>;
}

export interface CheckResult {
  readonly violations: readonly Violation[];
  /** Problems with the options themselves, one sentence each: suppressions and severities that concern nothing. */
  readonly optionProblems: readonly string[];
}

const defaults = {
  requiredTags: ["Environment", "Owner"],
  concurrencyQuota: 1_000,
  accountWide: false,
  protectsData: true,
} as const satisfies GuardrailSettings;

/** Checks a stack's synthesized JSON. It changes nothing and needs no constructs. */
export function checkStack(
  json: TerraformJson,
  options: CheckOptions = {},
  locate: SourceLocator = () => undefined,
): CheckResult {
  const { suppressions = [], rules: added = [], severities = {}, ...settings } = options;
  const rules = [...allRules, ...added];
  const stack = new StackView(json);
  const input = { stack, settings: { ...defaults, ...settings }, packages: new PackageReader(locate) };
  const found = rules.flatMap((rule) => {
    const severity = severities[rule.id] ?? severities[rule.group] ?? "error";
    return severity === "off" ? [] : violationsOf(rule, severity, input);
  });
  return {
    violations: found.filter(
      (violation) => !suppressions.some((suppression) => suppresses(suppression, violation)),
    ),
    optionProblems: [
      ...suppressions.flatMap((suppression) => suppressionProblem(suppression, rules, found) ?? []),
      ...Object.keys(severities).flatMap((name) => severityProblem(name, rules) ?? []),
      ...added.flatMap(({ id }) => idProblem(id, rules) ?? []),
    ],
  };
}

/** One violation per rule and resource, with all that the rule found there. */
function violationsOf(rule: Rule, severity: Violation["severity"], input: RuleInput): readonly Violation[] {
  const byPath = new Map<string, string[]>();
  for (const { resource, found } of rule.check(input)) {
    const path = resource?.path ?? input.stack.name;
    byPath.set(path, [...(byPath.get(path) ?? []), found]);
  }
  return [...byPath].map(([path, found]) => ({
    rule,
    severity,
    path,
    found: [...new Set(found)].join("; "),
  }));
}

function suppresses(
  { rule, resource }: Pick<Suppression, "rule" | "resource">,
  { rule: broken, path }: Violation,
): boolean {
  return rule === broken.id && (path === resource || path.startsWith(`${resource}/`));
}

function suppressionProblem(
  { rule, resource, reason }: Suppression,
  rules: readonly Rule[],
  found: readonly Violation[],
): string | undefined {
  const suppression = `the suppression of ${rule} for ${resource}`;
  if (!rules.some(({ id }) => id === rule))
    return `${suppression} is for an unknown rule: docs/guardrails.md lists the rule ids`;
  if (reason.trim() === "") return `${suppression} has no reason: add why this resource can break the rule`;
  if (!found.some((violation) => suppresses({ rule, resource }, violation))) {
    return `${suppression} suppresses nothing: the resource does not break the rule or is not in the stack, so remove the suppression`;
  }
  return undefined;
}

function severityProblem(name: string, rules: readonly Rule[]): string | undefined {
  if (rules.some(({ id, group }) => id === name || group === name)) return undefined;
  return `the severity of ${name} is for an unknown rule or group: docs/guardrails.md lists both`;
}

function idProblem(added: string, rules: readonly Rule[]): string | undefined {
  if (rules.filter(({ id }) => id === added).length === 1) return undefined;
  return `there are several rules with the id ${added}: give the added rule another one`;
}
