import type { Condition, Grant } from "./policy-document";

/** What one policy allows and denies that another does not. */
export interface PolicyDifference {
  readonly allowed: readonly Grant[];
  readonly noLongerAllowed: readonly Grant[];
  readonly denied: readonly Grant[];
  readonly noLongerDenied: readonly Grant[];
}

/**
 * Compares two policies by their structure: a grant is new unless a single grant of the other policy covers it, with its
 * principal, action and resource, under no further condition. It evaluates no condition and combines no statements, so it
 * may call something new that the rest of a policy denies, but it misses nothing.
 */
export function comparePolicies(before: readonly Grant[], after: readonly Grant[]): PolicyDifference {
  const only = (effect: string, grants: readonly Grant[], others: readonly Grant[]) =>
    grants.filter(
      (grant) =>
        grant.effect === effect && !others.some((other) => other.effect === effect && covers(other, grant)),
    );
  return {
    allowed: only("Allow", after, before),
    noLongerAllowed: only("Allow", before, after),
    denied: only("Deny", after, before),
    noLongerDenied: only("Deny", before, after),
  };
}

/** Whether a grant allows another one's action, on whatever resource. */
export function allowsAction(grant: Grant, { action }: Grant): boolean {
  return grant.effect === "Allow" && patternCovers(grant.action, action, "i");
}

function covers(wide: Grant, narrow: Grant): boolean {
  return (
    principalCovers(wide.principal, narrow.principal) &&
    patternCovers(wide.action, narrow.action, "i") &&
    patternCovers(wide.resource, narrow.resource) &&
    wide.conditions.every((condition) => narrow.conditions.some((other) => implies(other, condition)))
  );
}

function principalCovers(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === "AWS:*") return true;
  const account = accountOf(wide);
  return account !== undefined && narrow.startsWith("AWS:") && narrow.split(":").includes(account);
}

/** The account whose every principal is meant. */
function accountOf(principal: string): string | undefined {
  return /^AWS:(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

/** `all but …` is covered by the same text only. */
function patternCovers(wide: string, narrow: string, flags = ""): boolean {
  if (wide === narrow) return true;
  if (narrow.startsWith("all but ")) return wide === "*";
  const pattern = wide
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, flags).test(narrow);
}

/** Whether one condition holds only if the other does. With `IfExists` or a negation, only an equal one is taken to. */
function implies(one: Condition, other: Condition): boolean {
  if (one.test !== other.test) return false;
  if (one.values.join("\n") === other.values.join("\n")) return true;
  const isPositive = /^(String|Arn)(Equals|Like)(IgnoreCase)? /.test(one.test);
  return (
    isPositive &&
    one.values.length > 0 &&
    one.values.every((value) =>
      other.values.some((pattern) =>
        /^String(Equals)/.test(one.test) ? pattern === value : patternCovers(pattern, value),
      ),
    )
  );
}

const namesItsCaller =
  /^(?!.*IfExists)(?!.*Not)(String|Arn|IpAddress)\S* (aws:(sourcearn|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|principalarn|principalaccount|principalorgid|principalorgpaths|sourcevpc|sourcevpce|sourceip|userid|principaltag\/.*)|kms:calleraccount|sns:endpoint|s3:dataaccesspointaccount|lambda:functionurlauthtype|\S+:(sub|aud|oaud))$/;

/** Whether anybody, in any account, has what is granted. */
export function isOpen({ principal, conditions }: Grant): boolean {
  if (principal.startsWith("all but ")) return true;
  return principal === "AWS:*" && !conditions.some((condition) => isNarrow(condition));
}

/** Whether the grant is of everything: all actions, or all of a service on all resources, or all but some. */
export function isUnlimited({ action, resource }: Grant): boolean {
  if (action === "*" || action.startsWith("all but ")) return true;
  return (resource === "*" || resource.startsWith("all but ")) && /:\*$/.test(action);
}

function isNarrow({ test, values }: Condition): boolean {
  return (
    namesItsCaller.test(test) &&
    values.every((value) => /[^*?]/.test(value) && !/^(0\.0\.0\.0|::)\/0$/.test(value))
  );
}
