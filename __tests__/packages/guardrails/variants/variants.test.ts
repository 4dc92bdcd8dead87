import { checkStack, type Violation } from "../../../../packages/guardrails/check-stack";
import type { TerraformJson } from "../../../../packages/guardrails/stack-view";
import type { Edit } from "../edit";
import { workerStack } from "../worker-stack";
import { limitVariants } from "./limits";
import { packageVariants } from "./packages";

function violations(plant: Edit): readonly Violation[] {
  const json = structuredClone(workerStack) as TerraformJson;
  plant(json);
  return checkStack(json).violations;
}

describe("the rules about limits, grammars and enums", () => {
  it.each(limitVariants)("$caughtBy refuses $variant", ({ plant, caughtBy }) => {
    expect(violations(plant).map(({ rule }) => rule.id)).toContain(caughtBy);
  });
});

describe("the rules about packages", () => {
  it.each(packageVariants)("$caughtBy refuses $variant, and says why", ({ plant, caughtBy, says }) => {
    const found = violations(plant);

    expect(found.map(({ rule }) => rule.id)).toEqual(found.map(() => caughtBy));
    expect(found.map((one) => one.found)).toContainEqual(expect.stringMatching(says));
  });
});
