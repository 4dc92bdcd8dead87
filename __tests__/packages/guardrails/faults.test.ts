import { allRules } from "../../../packages/guardrails/rules/all-rules";
import { faults } from "./faults";
import { notProven } from "./fixed-form";
import { GoodStacks } from "./good-stacks";
import type { WatchedCheck } from "./watched-check";

const stacks = new GoodStacks();
const rulesOf = ({ violations }: WatchedCheck): readonly string[] =>
  [...new Set(violations.map(({ rule }) => rule.id))].sort();

const terraform = new Set(["terraform validate", "plan"]);
const ofRules = faults.filter(({ caughtBy }) => !terraform.has(caughtBy));

afterAll(() => stacks.remove());

describe("the catalogue of faults", () => {
  it.each(["prod", "account", "worker"] as const)("starts from a good %s stack", (name) => {
    const { violations } = stacks.check(name);

    expect(violations.map(({ rule, path: at, found }) => `${rule.id} at ${at}: ${found}`)).toEqual([]);
  });

  it.each(ofRules)("$caughtBy catches $fault", ({ in: name, plant, caughtBy, also = [] }) => {
    const result = stacks.check(name, plant);

    expect(rulesOf(result)).toEqual([caughtBy, ...also].sort());
  });

  it.each(ofRules)("$caughtBy reads the fixed form of $fault and finds nothing", (fault) => {
    expect(notProven(fault, stacks)).toBeUndefined();
  });

  it("names each fault once, in at least 120 entries", () => {
    const names = faults.map(({ caughtBy, fault }) => `${caughtBy}: ${fault}`);

    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(120);
  });

  it("has a fault for every rule, and none for a rule that does not exist", () => {
    const caught = new Set(ofRules.map(({ caughtBy }) => caughtBy));

    expect([...caught].sort()).toEqual(allRules.map(({ id }) => id).sort());
  });
});
