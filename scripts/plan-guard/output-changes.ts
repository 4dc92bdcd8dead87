import type { Change, ResourceChange, TerraformPlan } from "./terraform-plan";

/** The outputs that change or end, as changes of resources with one attribute, `value`. A new one takes nothing from anybody. */
export function outputChanges({ output_changes: outputs = {} }: TerraformPlan): readonly ResourceChange[] {
  return Object.entries(outputs)
    .filter(([, { actions }]) => !actions.includes("create") && !actions.includes("no-op"))
    .map(([name, change]) => ({
      address: `output.${name}`,
      mode: "managed",
      type: "output",
      change: withValue(change),
    }));
}

function withValue({
  actions,
  before,
  after,
  after_unknown,
  before_sensitive,
  after_sensitive,
}: Change): Change {
  return {
    actions,
    before: { value: before },
    after: actions.includes("delete") ? undefined : { value: after },
    after_unknown: { value: after_unknown },
    before_sensitive: { value: before_sensitive },
    after_sensitive: { value: after_sensitive },
  };
}
