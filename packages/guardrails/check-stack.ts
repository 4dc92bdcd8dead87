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

/** A rule that a resource breaks. */
export interface Violation {
  readonly rule: Rule;
  /** Construct path of the resource, or the stack's name for the stack itself. */
  readonly path: string;
  readonly found: string;
}

export interface CheckOptions extends Partial<GuardrailSettings> {
  readonly suppressions?: readonly Suppression[];
}

export interface CheckResult {
  readonly violations: readonly Violation[];
  /** Problems with the suppressions themselves, one sentence each. */
  readonly suppressionProblems: readonly string[];
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
  const { suppressions = [], ...settings } = options;
  const stack = new StackView(json);
  const input = { stack, settings: { ...defaults, ...settings }, packages: new PackageReader(locate) };
  const found = allRules.flatMap((rule) => violationsOf(rule, input));
  return {
    violations: found.filter(
      (violation) => !suppressions.some((suppression) => suppresses(suppression, violation)),
    ),
    suppressionProblems: suppressions.flatMap((suppression) => problemOf(suppression, found) ?? []),
  };
}

/** One violation per rule and resource, with all that the rule found there. */
function violationsOf(rule: Rule, input: RuleInput): readonly Violation[] {
  const byPath = new Map<string, string[]>();
  for (const { resource, found } of rule.check(input)) {
    const path = resource?.path ?? input.stack.name;
    byPath.set(path, [...(byPath.get(path) ?? []), found]);
  }
  return [...byPath].map(([path, found]) => ({ rule, path, found: [...new Set(found)].join("; ") }));
}

function suppresses(
  { rule, resource }: Pick<Suppression, "rule" | "resource">,
  { rule: broken, path }: Violation,
): boolean {
  return rule === broken.id && (path === resource || path.startsWith(`${resource}/`));
}

function problemOf({ rule, resource, reason }: Suppression, found: readonly Violation[]): string | undefined {
  const suppression = `the suppression of ${rule} for ${resource}`;
  if (!allRules.some(({ id }) => id === rule))
    return `${suppression} is for an unknown rule: docs/guardrails.md lists the rule ids`;
  if (reason.trim() === "") return `${suppression} has no reason: add why this resource can break the rule`;
  if (!found.some((violation) => suppresses({ rule, resource }, violation))) {
    return `${suppression} suppresses nothing: the resource does not break the rule or is not in the stack, so remove the suppression`;
  }
  return undefined;
}
