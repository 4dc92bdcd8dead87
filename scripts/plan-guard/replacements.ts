import type { ChangedAttribute } from "./attribute-walk";
import { asRecord, equal } from "./rules/values";
import type { TerraformPlan } from "./terraform-plan";

/** A shorter text is more likely a word than a name. */
const shortestName = 4;

/** What names a resource. */
const names = ["arn", "bucket", "domain_name", "function_name", "id", "name", "stage_name", "url"];

/**
 * The resources that a plan replaces by others with another name. Whatever names one of them must follow, and loses nothing
 * beyond what the replacement loses, which is refused itself.
 */
export class Replacements {
  private readonly renamed: readonly (readonly [old: string, now: string])[];

  constructor({ resource_changes: changes = [] }: TerraformPlan) {
    this.renamed = changes
      .filter(({ change }) => change.actions.includes("create") && change.actions.length > 1)
      .flatMap(({ change }) =>
        names.flatMap((name) => {
          const [old, now] = [change.before, change.after].map((values) => asRecord(values)?.[name]);
          const isRenamed = typeof old === "string" && typeof now === "string" && old !== now;
          return isRenamed && old.length >= shortestName ? [[old, now] as const] : [];
        }),
      );
  }

  /** Whether an attribute changes in nothing but the new names. */
  areFollowedBy({ before, after, unknown }: ChangedAttribute): boolean {
    if (unknown || before === undefined || this.renamed.length === 0) return false;
    const text = JSON.stringify(before);
    const followed = this.renamed.reduce((all, [old, now]) => all.replaceAll(old, now), text);
    return followed !== text && equal(JSON.parse(followed), after);
  }
}
