import { type Judgement, judge } from "../../../scripts/plan-guard/judgement";
import { plannedChanges } from "../../../scripts/plan-guard/planned-changes";
import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import type { Change, ResourceChange, TerraformPlan } from "../../../scripts/plan-guard/terraform-plan";
import { serviceStack } from "../../support/service-stacks";
import { deployedStack } from "./deployed-stack";
import { providerSchema } from "./provider-schema";

/** prod-stack as it is deployed. */
const deployed = deployedStack(serviceStack("prod"), providerSchema());

export const prodStack = (): readonly ResourceChange[] => deployed;

/** @param name for example `aws_sqs_queue.dead-letter-queue`: an address without the hash at its end */
export function deployedResource(name: string): ResourceChange {
  const [found, second] = deployed.filter(({ address }) => address.replace(/_[0-9A-F]{8}$/, "") === name);
  if (!found || second) throw new Error(`prod-stack must have one ${name}`);
  return found;
}

export const valuesOf = (name: string): Values => deployedResource(name).change.before as Values;

/** A resource's list of blocks, with other attributes in the first of them. */
export const inFirst = (name: string, block: string, change: Values): Values => {
  const [first, ...others] = valuesOf(name)[block] as Values[];
  return { [block]: [{ ...first, ...change }, ...others] };
};

/** A resource with other attributes. */
export const updated = (name: string, after: Values, change: Partial<Change> = {}): ResourceChange =>
  changed(name, { actions: ["update"], after: { ...valuesOf(name), ...after }, ...change });

export const changed = (name: string, change: Partial<Change>): ResourceChange => {
  const resource = deployedResource(name);
  return { ...resource, change: { ...resource.change, ...change } };
};

export const destroyed = (name: string): ResourceChange =>
  changed(name, { actions: ["delete"], after: null });

export const replacement = (name: string, after: Values): ResourceChange =>
  updated(name, after, { actions: ["create", "delete"] });

/** A resource that prod-stack does not have. */
export const created = (type: string, after: Values, unknown: object = {}): ResourceChange => ({
  address: `${type}.new`,
  mode: "managed",
  type,
  change: { actions: ["create"], before: null, after, after_unknown: unknown },
});

/** Judges prod-stack's plan with these changes. Everything else stays as it is. */
export function judgedPlan(
  changes: readonly ResourceChange[],
  rest: Partial<TerraformPlan> = {},
  acknowledgements: readonly string[] = [],
): Judgement {
  const addresses = new Set(changes.map(({ address }) => address));
  const unchanged = deployed.filter(({ address }) => !addresses.has(address));
  const plan = { format_version: "1.2", resource_changes: [...unchanged, ...changes], ...rest };
  const incomplete = plan.complete === false;
  return judge({ stack: "prod-stack", changes: plannedChanges(plan), incomplete }, acknowledgements);
}

/** An address without its hash, wherever it is in a key. */
export const withoutHash = (key: string): string => key.replace(/_[0-9A-F]{8}(?=\.|$)/, "");

/** A copy of a policy, whose statements are changed. */
export function policyWith(
  name: string,
  attribute: string,
  change: (statements: readonly Values[]) => readonly Values[],
): Values {
  const { Statement } = JSON.parse(`${valuesOf(name)[attribute]}`);
  return { [attribute]: JSON.stringify({ Version: "2012-10-17", Statement: change(Statement) }) };
}
