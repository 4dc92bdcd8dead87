import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";

/** A resource, the attribute that the refusal must name, what its attributes become, and what they were if not as in prod-stack. */
export type RefusedUpdate = readonly [name: string, attribute: string, after: Values, before?: Values];
