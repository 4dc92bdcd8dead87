import { PackageReader, type SourceLocator } from "./package-reader";
import type { GuardrailSettings, Rule, RuleInput } from "./rule";
import { allRules } from "./rules/all-rules";
import { StackView, type TerraformJson } from "./stack-view";

/** Lets a resource break one rule, for a reason that a reviewer reads. */
export interface Suppression {
  /** Id of a rule, for example `lambda-dead-letter-queue`. */
  readonly rule: string;
  /** Construct path of the resource, as a violation names it, or of the construct that it is in. */
  readonly resource: string;
  readonly reason: string;
}

/** One rule that one resource breaks. */
export interface Violation {
  readonly rule: Rule;
  /** Construct path of the resource, or the stack's name. */
  readonly path: string;
  readonly found: string;
}

export interface CheckOptions extends Partial<GuardrailSettings> {
  readonly suppressions?: readonly Suppression[];
}

export interface CheckResult {
  readonly violations: readonly Violation[];
  /** What is wrong with the suppressions themselves, one sentence each. */
  readonly suppressionProblems: readonly string[];
}

const defaults = {
  requiredTags: ["Environment", "Owner"],
  concurrencyQuota: 1_000,
  accountWide: false,
  protectsData: true,
} as const satisfies GuardrailSettings;

/** Looks at a stack as it will be written. It changes nothing, and knows nothing of constructs. */
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
      (violation) => !suppressions.some((suppression) => isFor(suppression, violation)),
    ),
    suppressionProblems: suppressions.flatMap((suppression) => problemOf(suppression, found) ?? []),
  };
}

/** One violation a resource, however many things a rule found there. */
function violationsOf(rule: Rule, input: RuleInput): readonly Violation[] {
  const byPath = new Map<string, string[]>();
  for (const { resource, found } of rule.check(input)) {
    const path = resource?.path ?? input.stack.name;
    byPath.set(path, [...(byPath.get(path) ?? []), found]);
  }
  return [...byPath].map(([path, found]) => ({ rule, path, found: [...new Set(found)].join("; ") }));
}

function isFor(
  { rule, resource }: Pick<Suppression, "rule" | "resource">,
  { rule: broken, path }: Violation,
): boolean {
  return rule === broken.id && (path === resource || path.startsWith(`${resource}/`));
}

function problemOf({ rule, resource, reason }: Suppression, found: readonly Violation[]): string | undefined {
  const suppression = `the suppression of ${rule} for ${resource}`;
  if (!allRules.some(({ id }) => id === rule))
    return `${suppression} names no rule: see docs/guardrails.md for their ids`;
  if (reason.trim() === "") return `${suppression} has no reason: say why this resource may break the rule`;
  if (!found.some((violation) => isFor({ rule, resource }, violation))) {
    return `${suppression} suppresses nothing: the resource keeps the rule or is not in the stack, so remove the suppression`;
  }
  return undefined;
}
