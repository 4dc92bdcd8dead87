import { checkStack } from "../../../../packages/guardrails/check-stack";
import type { TerraformJson } from "../../../../packages/guardrails/stack-view";
import { workerStack } from "../worker-stack";
import { allVariants } from "./all-variants";
import type { Legitimate } from "./legitimate";

/** Everything that the rules find in the good stack with a variant's parts. */
function findings({ parts, options }: Legitimate): readonly string[] {
  const json = structuredClone(workerStack) as TerraformJson;
  parts(json);
  const { violations, optionProblems } = checkStack(json, options);
  return [...violations.map(({ rule, path, found }) => `${rule.id} at ${path}: ${found}`), ...optionProblems];
}

describe("the rules", () => {
  it.each(allVariants)("are silent about $variant", (variant) => {
    expect(findings(variant)).toEqual([]);
  });

  it("are tried with at least 150 legitimate variants, each named once", () => {
    const names = allVariants.map(({ variant }) => variant);

    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(150);
  });
});
