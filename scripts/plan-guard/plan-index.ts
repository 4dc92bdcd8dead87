import { unknown } from "../../packages/iam/unknown";
import type { ChangedAttribute } from "./attribute-walk";
import { isConfigured } from "./configured";
import { Replacements } from "./replacements";
import type { Values, Whole } from "./rules/attribute-rule";
import { asRecord, isUnset } from "./rules/values";
import type { ResourceChange, TerraformPlan } from "./terraform-plan";

/** Finds a plan's resources by their attributes, whether they change or not. */
export class PlanIndex {
  private readonly byType = new Map<string, readonly ResourceChange[]>();

  private readonly replacements: Replacements;

  constructor(private readonly plan: TerraformPlan) {
    this.replacements = new Replacements(plan);
    const { resource_changes: changes = [], deferred_changes: deferred = [] } = plan;
    for (const change of [...changes, ...deferred.map(({ resource_change: change }) => change)]) {
      this.byType.set(change.type, [...(this.byType.get(change.type) ?? []), change]);
    }
  }

  /** The resources of a type, as they were if they exist already. */
  readonly all = (type: string): readonly Values[] =>
    (this.byType.get(type) ?? []).map(({ change }) => ({
      ...asRecord(change.after),
      ...asRecord(change.before),
    }));

  /** The resources of a type except one, as they were or as they will be. A value known only after apply is like no other. */
  others(except: string, type: string, side: "before" | "after"): readonly Values[] {
    return (this.byType.get(type) ?? []).flatMap(({ address, change }): readonly Values[] => {
      const values = asRecord(change[side]);
      if (address === except || !values) return [];
      const marks = side === "after" ? Object.entries(asRecord(change.after_unknown) ?? {}) : [];
      const unknowns = marks.filter(([, mark]) => mark === true);
      return [
        { ...values, ...Object.fromEntries(unknowns.map(([name]) => [name, unknown(`${address}.${name}`)])) },
      ];
    });
  }

  /** Whether an attribute changes in nothing but the new names of what the plan replaces. */
  follows(attribute: ChangedAttribute): boolean {
    return this.replacements.areFollowedBy(attribute);
  }

  /** A value with the new names of what the plan replaces. */
  readonly followed = (value: unknown): unknown => this.replacements.followed(value);

  /** The same with ARNs only, for a policy, which may also name something else of that name. */
  readonly followedArns = (value: unknown): unknown => this.replacements.followedArns(value);

  /** Whether the configuration sets an attribute, or AWS decides it. */
  isConfigured(change: ResourceChange, pattern: string): boolean {
    return isConfigured(this.plan, change, pattern);
  }

  /** Whether the plan also creates, or ends, a resource that the given one is a part of. */
  isPartOf(part: ResourceChange, wholes: readonly Whole[], how: "created" | "ended"): boolean {
    const side = how === "created" ? "after" : "before";
    const action = how === "created" ? "create" : "delete";
    return wholes.some(({ type, by }) =>
      (this.byType.get(type) ?? []).some(
        ({ change }) =>
          change.actions.includes(action) &&
          by.every(([partName, wholeName]) => {
            const [value, unknown] = [part.change[side], part.change.after_unknown].map(
              (values) => asRecord(values)?.[partName],
            );
            if (how === "created" && unknown === true) return true;
            return !isUnset(value) && value === asRecord(change[side])?.[wholeName];
          }),
      ),
    );
  }
}
