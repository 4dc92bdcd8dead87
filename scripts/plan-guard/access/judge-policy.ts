import {
  type AttributeRule,
  access,
  loss,
  noLoss,
  type ResourceValues,
  type Verdict,
} from "../rules/attribute-rule";
import { allowsAction, comparePolicies, isOpen, isUnlimited } from "./policy-comparison";
import { type Grant, grantsOf } from "./policy-document";
import { sentences } from "./sentences";

/** Whose policy it is. */
export interface PolicySubject {
  /**
   * identity: what a role of this stack may do. managed: the same, for principals elsewhere that it is attached to.
   * resource: who may use a resource. trust: who may act as a role.
   */
  readonly kind: "identity" | "managed" | "resource" | "trust";
  /** For example `role items-dev` or `queue items-dlq-dev`. */
  readonly name: (resource: ResourceValues) => string;
}

/** Judges a policy document that is an attribute of a resource. */
export const policy =
  (subject: PolicySubject): AttributeRule =>
  ({ before, after, unknown, resource }) =>
    judgePolicies({ before, after, unknown, isNew: resource.isNew }, subject.kind, subject.name(resource));

/**
 * Refused: what opens a resource to everybody or a role to everything, a new principal in an existing policy, a lost Deny,
 * the end of what somebody else uses, and the end of a role's last grant of an action. Other new or lost access is told.
 */
export function judgePolicies(
  {
    before,
    after,
    unknown,
    isNew,
  }: {
    readonly before: unknown;
    readonly after: unknown;
    readonly unknown: boolean;
    readonly isNew: boolean;
  },
  kind: PolicySubject["kind"],
  name: string,
): readonly Verdict[] {
  const say = sentences(kind, name);
  if (unknown) return [access(say.unknown)];
  const [old, now] = [before, after].map((document) => (document === undefined ? [] : grantsOf(document)));
  if (!old || !now) return [loss(say.unreadable)];
  const { allowed, noLongerAllowed, denied, noLongerDenied } = comparePolicies(old, now);
  const isRefused = (grant: Grant) =>
    kind === "identity" || kind === "managed"
      ? isUnlimited(grant)
      : isOpen(grant) || (!isNew && !hasPrincipal(old, grant)) || (!isNew && losesCondition(old, grant));
  const isLost = (grant: Grant) => kind !== "identity" || !now.some((other) => allowsAction(other, grant));
  const cutsOff = (grant: Grant) => !isNew && kind !== "identity" && grant.conditions.length === 0;
  const verdicts = [
    ...say.mayNow(allowed.filter(isRefused)).map((text): Verdict => ({ kind: "loss", text, opens: true })),
    ...say.mayNow(allowed.filter((grant) => !isRefused(grant))).map(access),
    ...say.mayNoLonger(noLongerAllowed.filter(isLost)).map(loss),
    ...say.mayNoLonger(noLongerAllowed.filter((grant) => !isLost(grant))).map(access),
    ...say.isDenied(denied.filter(cutsOff)).map(loss),
    ...say.isDenied(denied.filter((grant) => !cutsOff(grant))).map(access),
    ...say.isNoLongerDenied(noLongerDenied).map(loss),
  ];
  return verdicts.length > 0 ? verdicts : [noLoss("shape")];
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
