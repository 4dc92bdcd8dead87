import {
  type AttributeRule,
  access,
  loss,
  noLoss,
  type ResourceValues,
  type Verdict,
} from "../rules/attribute-rule";
import { comparePolicies, isPartOf } from "./policy-comparison";
import { type Grant, grantsOf } from "./policy-document";
import { policySet } from "./policy-set";
import { isOpen, isUnlimited } from "./reach";
import { type PolicyKind, sentences } from "./sentences";

/** Whose policy it is. */
export interface PolicySubject {
  readonly kind: PolicyKind;
  /** For example `role items-dev` or `queue items-dlq-dev`. */
  readonly name: (resource: ResourceValues) => string;
  /** The documents that decide together with this one: what a role may do by its other policies. @default none */
  readonly others?: (resource: ResourceValues) => Documents;
}

export interface Documents {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
}

export interface PolicyChange {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: boolean;
  readonly isNew: boolean;
  readonly others?: Documents;
}

/** Judges a policy document that is an attribute of a resource. */
export const policy =
  ({ kind, name, others }: PolicySubject): AttributeRule =>
  ({ before, after, unknown, resource }) =>
    judgePolicies(
      {
        before: resource.followedArns(before),
        after,
        unknown,
        isNew: resource.isNew,
        ...(others && { others: others(resource) }),
      },
      kind,
      name(resource),
    );

/**
 * Refused: what opens a resource to everybody or a role to everything, a new principal in an existing policy, a lost Deny,
 * and the end of what somebody uses. Other new access is told. So is a role's access to fewer of the resources on which it
 * keeps an action.
 */
export function judgePolicies(
  { before, after, unknown, isNew, others }: PolicyChange,
  kind: PolicyKind,
  name: string,
): readonly Verdict[] {
  const say = sentences(kind, name);
  if (unknown) return [access(say.unknown)];
  const own = { before: grantsIn(before), after: grantsIn(after) };
  if (!own.before || !own.after) return [loss(say.unreadable)];
  const { before: old, after: now } = own;
  const isIdentity = kind === "identity" || kind === "managed";
  const type = isIdentity ? "identity" : "resource";
  const sets = {
    before: policySet(type, [before, ...(others?.before ?? [])]),
    after: policySet(type, [after, ...(others?.after ?? [])]),
  };
  const { allowed, noLongerAllowed, denied, noLongerDenied } = comparePolicies(
    { before: old, after: now },
    sets,
  );
  const isRefused = (grant: Grant) =>
    isIdentity
      ? isUnlimited(grant)
      : isOpen(grant) || (!isNew && !hasPrincipal(old, grant)) || (!isNew && losesCondition(old, grant));
  const isNarrowed = (grant: Grant) =>
    kind === "identity" && sets.after.grants.some((other) => isPartOf(other, grant));
  const cutsOff = (grant: Grant) => !isNew && kind !== "identity" && grant.conditions.length === 0;
  const verdicts = [
    ...say.mayNow(allowed.filter(isRefused)).map((text): Verdict => ({ kind: "loss", text, opens: true })),
    ...say.mayNow(allowed.filter((grant) => !isRefused(grant))).map(access),
    ...say.mayNoLonger(noLongerAllowed.filter((grant) => !isNarrowed(grant))).map(loss),
    ...say.mayNoLonger(noLongerAllowed.filter(isNarrowed)).map(access),
    ...say.isDenied(denied.filter(cutsOff)).map(loss),
    ...say.isDenied(denied.filter((grant) => !cutsOff(grant))).map(access),
    ...say.isNoLongerDenied(noLongerDenied).map(loss),
  ];
  return verdicts.length > 0 ? verdicts : [noLoss("shape")];
}

/** @returns undefined if the text is not a policy document */
function grantsIn(document: unknown): readonly Grant[] | undefined {
  return document === undefined ? [] : grantsOf(document);
}

function hasPrincipal(grants: readonly Grant[], { principal }: Grant): boolean {
  return grants.some((grant) => grant.effect === "Allow" && grant.principal === principal);
}

/** Whether the same principal had some of it under more or other conditions. */
function losesCondition(grants: readonly Grant[], { principal, action, conditions }: Grant): boolean {
  return grants.some(
    (grant) =>
      grant.effect === "Allow" &&
      grant.principal === principal &&
      grant.action === action &&
      grant.conditions.some(({ test, values }) =>
        conditions.every((other) => other.test !== test || other.values.join() !== values.join()),
      ),
  );
}
