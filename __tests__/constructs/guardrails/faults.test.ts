import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type CheckOptions, type CheckResult, checkStack } from "../../../constructs/guardrails/check-stack";
import { allRules } from "../../../constructs/guardrails/rules/all-rules";
import { StackView, type TerraformJson } from "../../../constructs/guardrails/stack-view";
import { environments } from "../../../stacks/environments";
import { guardrails } from "../../../stacks/guardrails";
import { type Fault, faults } from "../../guardrails/faults";
import { workerStack } from "../../guardrails/worker-stack";
import { accountStack } from "../../support/account-stack";
import { serviceStack } from "../../support/service-stacks";

const [, , prod] = environments;
const folder = mkdtempSync(path.join(tmpdir(), "good-stack-"));

/** The stacks that faults are planted in, as they are written, and what their guardrails are told. */
const good: Readonly<Record<Fault["in"], { readonly text: string; readonly options: CheckOptions }>> = {
  prod: { text: serviceStack("prod").text, options: guardrails(prod) },
  account: { text: accountStack().text, options: { accountWide: true } },
  worker: { text: JSON.stringify(workerStack), options: {} },
};

function check(name: Fault["in"], plant: Fault["plant"] = () => undefined): CheckResult {
  const { text, options } = good[name];
  const json: TerraformJson = JSON.parse(text);
  plant(json);
  return checkStack(json, options, (source) => path.resolve(folder, source));
}

/** What a violation can be told of: every block, and the stack itself. */
function pathsIn(name: Fault["in"], edit: Fault["plant"] = () => undefined): ReadonlySet<string> {
  const json: TerraformJson = JSON.parse(good[name].text);
  edit(json);
  const stack = new StackView(json);
  return new Set([stack.name, ...stack.blocks.map(({ path: at }) => at)]);
}

const rulesOf = ({ violations }: CheckResult): readonly string[] =>
  [...new Set(violations.map(({ rule }) => rule.id))].sort();

const terraform = new Set(["terraform validate", "plan"]);
const ofRules = faults.filter(({ caughtBy }) => !terraform.has(caughtBy));

beforeAll(() => {
  for (const [name, content] of serviceStack("prod").files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("the catalogue of faults", () => {
  it.each(["prod", "account", "worker"] as const)("begins with a good %s stack", (name) => {
    const { violations } = check(name);

    expect(violations.map(({ rule, path: at, found }) => `${rule.id} at ${at}: ${found}`)).toEqual([]);
  });

  it.each(ofRules)("$caughtBy catches $fault", ({ in: name, plant, caughtBy, also = [] }) => {
    const result = check(name, plant);

    expect(rulesOf(result)).toEqual([caughtBy, ...also].sort());
  });

  it.each(ofRules)(
    "$caughtBy, which tells $fault, is silent once it is mended",
    ({ in: name, plant, caughtBy, mended }) => {
      const told = check(name, plant).violations.filter(({ rule }) => rule.id === caughtBy);
      const result = check(name, mended === "none" ? undefined : mended);

      // Silence about what is not there proves nothing.
      const there = pathsIn(name, mended === "none" ? plant : mended);
      expect(told.map(({ path: at }) => at).filter((at) => !there.has(at))).toEqual([]);
      expect(rulesOf(result)).not.toContain(caughtBy);
    },
  );

  it("names each fault once, in at least 120 entries", () => {
    const names = faults.map(({ caughtBy, fault }) => `${caughtBy}: ${fault}`);

    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(120);
  });

  it("has a fault for every rule, and no fault of a rule that is not there", () => {
    const caught = new Set(ofRules.map(({ caughtBy }) => caughtBy));

    expect([...caught].sort()).toEqual(allRules.map(({ id }) => id).sort());
  });
});
