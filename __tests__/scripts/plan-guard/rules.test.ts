import { allTypes } from "../../../scripts/plan-guard/rules/all-types";
import { commonAttributes } from "../../../scripts/plan-guard/rules/common-attributes";
import { providerSchema } from "./provider-schema";
import { everyStack, typesOf } from "./stacks";

const schema = providerSchema();

describe("the tables of what a change loses", () => {
  it("know every type in the stacks, and the pinned schema has no other", () => {
    const types = typesOf(everyStack());

    expect(Object.keys(schema)).toEqual(types);
    expect(types.filter((type) => !(type in allTypes))).toEqual([]);
  });

  it.each(Object.entries(schema))(
    "have a rule for every attribute of %s, and no stale one",
    (type, paths) => {
      const rules = Object.keys(allTypes[type]?.attributes ?? {});
      const isJudged = (path: string) =>
        [...rules, ...Object.keys(commonAttributes)].some(
          (rule) => rule === path || path.startsWith(`${rule}.`) || rule.startsWith(`${path}.`),
        );

      expect(Object.keys(paths).filter((path) => !isJudged(path))).toEqual([]);
      expect(rules.filter((rule) => !(rule in paths))).toEqual([]);
    },
  );
});
