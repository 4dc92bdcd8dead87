import type { Condition, Grant } from "./policy-document";
import { shownUnknowns } from "./shown-unknowns";

/** More than so many names are counted instead. */
const mostNames = 8;

interface Sentences {
  readonly unknown: string;
  readonly unreadable: string;
  readonly mayNow: (grants: readonly Grant[]) => readonly string[];
  readonly mayNoLonger: (grants: readonly Grant[]) => readonly string[];
  readonly isDenied: (grants: readonly Grant[]) => readonly string[];
  readonly isNoLongerDenied: (grants: readonly Grant[]) => readonly string[];
}

/**
 * identity: what a role of this stack may do. managed: the same, for principals elsewhere that it is attached to.
 * resource, called: who may use, or call, a resource. trust: who may act as a role.
 */
export type PolicyKind = "identity" | "managed" | "resource" | "called" | "trust";

const participles = { resource: "used", called: "called", trust: "assumed" } as const;

/** Tells a policy's grants to a reviewer. */
export function sentences(kind: PolicyKind, name: string): Sentences {
  const isIdentity = kind === "identity" || kind === "managed";
  const used = isIdentity ? "" : participles[kind];
  const say = (identity: string, resource: string) => (grants: readonly Grant[]) =>
    grouped(grants).map(({ principal, actions, resources, conditions }) =>
      isIdentity
        ? `${holderOf(kind, name)} ${identity} ${list(actions)} on ${list(resources)}${conditions}`
        : `${name} ${resource} ${principal}${kind === "trust" ? "" : ` (${list(actions)})`}${pathsIn(resources)}${conditions}`,
    );
  return {
    unknown: isIdentity
      ? `what ${holderOf(kind, name)} may do is known only after apply`
      : `by whom ${name} may be ${used} is known only after apply`,
    unreadable: `the policy of ${name} cannot be read, so what it allows is not judged`,
    mayNow: say("may now also", `may now be ${used} by`),
    mayNoLonger: say("may no longer", `may no longer be ${used} by`),
    isDenied: say("is now denied", "is now denied to"),
    isNoLongerDenied: say("is no longer denied", "is no longer denied to"),
  };
}

function holderOf(kind: string, name: string): string {
  return kind === "managed" ? `whoever has ${name}` : name;
}

interface Group {
  readonly principal: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: string;
}

/** Grants that differ in action and resource only, together. */
function grouped(grants: readonly Grant[]): readonly Group[] {
  const groups = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = `${grant.principal} ${grant.resource} ${JSON.stringify(grant.conditions)}`;
    groups.set(key, [...(groups.get(key) ?? []), grant]);
  }
  return [...groups.values()].map((group) => ({
    principal: principalName(group[0]?.principal ?? ""),
    actions: unique(group.map(({ action }) => action)),
    resources: unique(group.map(({ resource }) => resource)),
    conditions: (group[0]?.conditions ?? []).map(conditionText).join(" and"),
  }));
}

/** For example ` if aws:sourcearn is like arn:aws:sns:…`. */
function conditionText({ test, values }: Condition): string {
  const [operator = "", key = ""] = test.split(" ");
  return ` if ${key} ${operators[operator] ?? operator} ${values.map(shownUnknowns).join(" or ")}`;
}

const operators: Readonly<Record<string, string>> = {
  ArnEquals: "is like",
  ArnLike: "is like",
  Bool: "is",
  StringEquals: "is",
  StringLike: "is like",
  StringNotEquals: "is not",
  StringNotLike: "is not like",
};

/** Where in an API, for example ` at prod/GET/items`. Other resources are named already. */
function pathsIn(resources: readonly string[]): string {
  const paths = resources.flatMap((resource) => /:execute-api:[^/]*\/(.*[^*/].*)$/.exec(resource)?.[1] ?? []);
  return paths.length > 0 ? ` at ${list(paths)}` : "";
}

function principalName(principal: string): string {
  if (principal === "AWS:*") return "anybody";
  return shownUnknowns(principal.replace(/^(AWS|Service|Federated|CanonicalUser):/, ""));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(shownUnknowns))].sort();
}

function list(names: readonly string[]): string {
  if (names.length <= mostNames) return names.map((name) => name || "it").join(", ");
  return `${names.slice(0, mostNames).join(", ")} and ${names.length - mostNames} more`;
}
