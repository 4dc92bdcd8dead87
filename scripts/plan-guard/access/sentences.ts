import type { Grant } from "./policy-document";

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

/** Tells a policy's grants to a reviewer. */
export function sentences(kind: "identity" | "managed" | "resource" | "trust", name: string): Sentences {
  const isIdentity = kind === "identity" || kind === "managed";
  const used = kind === "trust" ? "assumed" : "used";
  const say =
    (identity: string, resource: string, refused = "") =>
    (grants: readonly Grant[]) =>
      grouped(grants).map(({ principal, actions, resources, conditions }) =>
        isIdentity
          ? `${holderOf(kind, name)} ${identity} ${list(actions)} on ${list(resources)}${conditions}`
          : `${name} ${resource} ${principal}${kind === "trust" ? "" : ` (${list(actions)})`}${conditions}${refused}`,
      );
  return {
    unknown: isIdentity
      ? `what ${holderOf(kind, name)} may do is known only after apply`
      : `who may ${kind === "trust" ? "act as" : "use"} ${name} is known only after apply`,
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
    conditions: (group[0]?.conditions ?? [])
      .map(({ test, values }) => ` if ${test} ${values.join(" or ")}`)
      .join(" and"),
  }));
}

function principalName(principal: string): string {
  if (principal === "AWS:*") return "anybody";
  return principal.replace(/^(AWS|Service|Federated|CanonicalUser):/, "");
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function list(names: readonly string[]): string {
  if (names.length <= mostNames) return names.map((name) => name || "it").join(", ");
  return `${names.slice(0, mostNames).join(", ")} and ${names.length - mostNames} more`;
}
