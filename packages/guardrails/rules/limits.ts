import type { Limit } from "../limits/accepts";
import { allLimits } from "../limits/all-limits";
import { counts } from "../limits/counts";
import type { Finding, Rule } from "../rule";
import { asRecord, type Resource, type StackView } from "../stack-view";

/** All values of an attribute, one for each block and entry. Values that only Terraform knows are left out. */
function valuesAt(resource: Resource, attribute: string): readonly unknown[] {
  const found = attribute
    .split(".")
    .reduce<readonly unknown[]>(
      (blocks, name) => blocks.flatMap((block) => asRecord(block)?.[name] ?? []).flat(),
      [resource.written()],
    );
  return found
    .flatMap((value) => resource.stack.evaluate(value))
    .filter((value) => !(typeof value === "string" && value.includes("${")) && typeof value !== "object");
}

function refused(stack: StackView, { type, attribute, accepts, source }: Limit): readonly Finding[] {
  return stack.all(type).flatMap((resource) =>
    valuesAt(resource, attribute)
      .filter((value) => !accepts.holds(value))
      .map((value) => ({
        resource,
        found: `${attribute} is ${`${value}`.slice(0, 100)}, not ${accepts.words} (${source})`,
      })),
  );
}

export const limitRules: readonly Rule[] = [
  {
    id: "stack-values-accepted",
    group: "stack",
    demands: "Every attribute has a value that its service accepts",
    why: "AWS rejects it at apply, after other resources have already changed.",
    fix: "Set a value from the range or the list in the finding, which names its source in AWS's documentation.",
    mirrors: [],
    check: ({ stack }) => allLimits.flatMap((limit) => refused(stack, limit)),
  },
  {
    id: "stack-counts-accepted",
    group: "stack",
    demands: "No list and no resource has more entries than its service accepts",
    why: "AWS rejects it at apply, after other resources have already changed.",
    fix: "Leave some out, or ask AWS to raise the quota and suppress the rule.",
    mirrors: [],
    check: ({ stack }) =>
      counts.flatMap(({ type, attribute, maximum, source }) =>
        stack.all(type).flatMap((resource) => {
          const list = resource.value(attribute);
          const entries = Array.isArray(list) ? list.length : 1;
          return list !== undefined && entries > maximum
            ? [
                {
                  resource,
                  found: `${attribute} has ${entries} entries, at most ${maximum} are accepted (${source})`,
                },
              ]
            : [];
        }),
      ),
  },
];
