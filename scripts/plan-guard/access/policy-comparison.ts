import { actionCovers, resourceCovers } from "../../../packages/iam/coverage";
import { arnPattern, globPattern } from "../../../packages/iam/pattern";
import { covers as patternCovers } from "../../../packages/iam/pattern-sets";
import { evaluatedOutcome } from "./evaluated-outcome";
import { expandedActions } from "./expanded-actions";
import type { Condition, Grant } from "./policy-document";
import { allowsOf, type PolicySet } from "./policy-set";

/** What one set of policies allows and denies that another does not. */
export interface PolicyDifference {
  readonly allowed: readonly Grant[];
  readonly noLongerAllowed: readonly Grant[];
  readonly denied: readonly Grant[];
  readonly noLongerDenied: readonly Grant[];
}

/**
 * Compares what the grants of one policy allow and deny before and after a change, given all policies that its holder has.
 * A grant is new unless a single grant of before covers it, with its principal, action and resource and under no further
 * condition, or the evaluator says of each of its actions that before allows it, or that after denies it. What depends on
 * an unknown is called new, so nothing is missed.
 */
export function comparePolicies(
  own: { readonly before: readonly Grant[]; readonly after: readonly Grant[] },
  sets: { readonly before: PolicySet; readonly after: PolicySet },
): PolicyDifference {
  return {
    allowed: allowedOnly(own.after, sets.after, sets.before),
    noLongerAllowed: allowedOnly(own.before, sets.before, sets.after),
    denied: uncovered(own.after, sets.before, "Deny"),
    noLongerDenied: uncovered(own.before, sets.after, "Deny"),
  };
}

function allowedOnly(grants: readonly Grant[], here: PolicySet, there: PolicySet): readonly Grant[] {
  // What one side denies and the other does not is told by itself.
  const allows = allowsOf(there);
  return uncovered(uncovered(grants, there, "Allow").flatMap(expandedActions), there, "Allow").filter(
    (grant) =>
      evaluatedOutcome(grant, allows) !== "allow" && evaluatedOutcome(grant, here) !== "explicit-deny",
  );
}

function uncovered(
  grants: readonly Grant[],
  { grants: others }: PolicySet,
  effect: "Allow" | "Deny",
): readonly Grant[] {
  return grants.filter(
    (grant) =>
      grant.effect === effect && !others.some((other) => other.effect === effect && covers(other, grant)),
  );
}

/** Whether a grant allows another one's action, on a part of what the other one is about. */
export function isPartOf(grant: Grant, whole: Grant): boolean {
  return (
    grant.effect === "Allow" &&
    textCovers(grant.action, whole.action, actionCovers) &&
    textCovers(whole.resource, grant.resource, resourceCovers)
  );
}

function covers(wide: Grant, narrow: Grant): boolean {
  return (
    principalCovers(wide.principal, narrow.principal) &&
    textCovers(wide.action, narrow.action, actionCovers) &&
    textCovers(wide.resource, narrow.resource, resourceCovers) &&
    wide.conditions.every((condition) => narrow.conditions.some((other) => implies(other, condition)))
  );
}

function principalCovers(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === "AWS:*") return true;
  const account = accountOf(wide);
  return account !== undefined && narrow.startsWith("AWS:") && narrow.split(":").includes(account);
}

/** The account whose every principal is meant. */
export function accountOf(principal: string): string | undefined {
  return /^AWS:(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

/** `all but …` is covered by the same text and by everything only. */
function textCovers(wide: string, narrow: string, how: typeof actionCovers): boolean {
  if (wide.toLowerCase() === narrow.toLowerCase() && how === actionCovers) return true;
  if (wide === narrow) return true;
  if (wide.startsWith("all but ")) return false;
  if (narrow.startsWith("all but ")) return wide === "*";
  return isPattern(wide) && how(wide, narrow) === true;
}

/** Whether it matches more than itself. An incomplete ARN does, too. */
function isPattern(text: string): boolean {
  return /[*?]/.test(text) || (text.startsWith("arn:") && text.split(":").length < 6);
}

/** Whether one condition holds only if the other does. With `IfExists` or a negation, only an equal one is taken to. */
function implies(one: Condition, other: Condition): boolean {
  if (one.test !== other.test) return false;
  if (one.values.join("\n") === other.values.join("\n")) return true;
  const [, type, isLike] = /^(String|Arn)(?:Equals|(Like))(?:IgnoreCase)? /.exec(one.test) ?? [];
  if (!type || one.values.length === 0) return false;
  return one.values.every((value) =>
    other.values.some((pattern) => {
      if (type === "Arn")
        return patternCovers(arnPattern(pattern, "condition"), arnPattern(value, "condition")) === true;
      return isLike ? patternCovers(globPattern(pattern), globPattern(value)) === true : pattern === value;
    }),
  );
}
