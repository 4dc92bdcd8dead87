import { GoodStacks } from "../good-stacks";
import { deliveryFaults } from "./delivery-faults";
import { deliveryLegitimate } from "./delivery-legitimate";
import { iamFaults } from "./iam-faults";
import { iamLegitimate } from "./iam-legitimate";
import { singleFaults, singleLegitimate } from "./singles";

const stacks = new GoodStacks();

afterAll(() => stacks.remove());

describe("the rules on who may do what, on deliveries and on what is set once", () => {
  it.each([...iamFaults, ...deliveryFaults, ...singleFaults])("find $name", ({ plant, at, rules, found }) => {
    const { violations } = stacks.check("worker", plant);

    const named = violations.filter(
      (one) => rules.includes(one.rule.id) && one.path === at && (!found || found.test(one.found)),
    );
    // Everything that was found, so that a failure shows it.
    const all = violations.map(({ rule, path, found: text }) => `${rule.id} at ${path}: ${text}`);
    expect(named.length > 0 ? "found" : all).toBe("found");
  });

  it.each([...iamLegitimate, ...deliveryLegitimate, ...singleLegitimate])("accept $name", ({ plant }) => {
    const { violations } = stacks.check("worker", plant);

    expect(violations.map(({ rule, path, found }) => `${rule.id} at ${path}: ${found}`)).toEqual([]);
  });
});
