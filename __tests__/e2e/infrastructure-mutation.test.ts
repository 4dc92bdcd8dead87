import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { harmlessKinds } from "../packages/guardrails/mutation/harmless-kinds";
import { type JudgedMutant, judgeMutants } from "../packages/guardrails/mutation/judge-mutants";
import { knownGaps } from "../packages/guardrails/mutation/known-gaps";
import { isOfKind, type MutantKind } from "../packages/guardrails/mutation/mutant-kind";
import { knownValues, type Mutant, mutantsOf } from "../packages/guardrails/mutation/mutants";
import { MutatedStacks } from "../packages/guardrails/mutation/mutated-stacks";
import { oneOfEach, random, sampleOf } from "../packages/guardrails/mutation/sample";
import { campaignProgress, campaignTimeoutMs, isCampaign } from "../support/campaign";

const seed = 17;
/** Of all that is not harmless. */
const scoreAtLeast = 97;
/** What the rules and Terraform catch alone, in a stack whose constructs promise nothing. */
const scoreWithoutPromises = 60;
/** Whoever judges the harmless kinds afresh reads this file, which gives no reasons. */
const toJudge = path.join(folders.logs, "harmless-mutants.txt");

const caught = ({ caughtBy }: JudgedMutant) => caughtBy !== undefined;
const matches = (each: JudgedMutant, kinds: readonly MutantKind[]) =>
  kinds.some((kind) => isOfKind(each, kind));
const shown = ({ stack, mutant: { address, path: at, operator } }: JudgedMutant) =>
  `${stack} ${address} ${at.join("/")}: ${operator}`;

describe("the guardrails and Terraform, with every value of every stack mutated", () => {
  const stacks = new MutatedStacks();
  const next = random(seed);
  let judged: readonly JudgedMutant[] = [];
  let passed: readonly JudgedMutant[] = [];

  beforeAll(
    async () => {
      const total = isCampaign ? countOf(stacks) : 0;
      const chosen = isCampaign
        ? stacks.all
        : stacks.all.filter(({ name }) => ["prod-stack", "account-stack", "worker"].includes(name));
      judged = await judgeMutants(chosen, {
        isChosen: isCampaign ? () => true : oneOfEach(0.03, next),
        onProgress: campaignProgress("mutated stacks", total),
      });
      passed = judged.filter((each) => !caught(each));
      const harmless = passed.filter((each) => matches(each, harmlessKinds));
      mkdirSync(folders.logs, { recursive: true });
      writeFileSync(
        toJudge,
        sampleOf(harmless, 50, next)
          .map((each) => `${shown(each)}\n`)
          .join(""),
      );
    },
    Math.max(campaignTimeoutMs, 600_000),
  );

  afterAll(() => stacks.remove());

  it("tries every operator on every kind of value that it fits", () => {
    const tried = new Set(judged.map(({ mutant: { operator, valueKind } }) => `${operator} ${valueKind}`));
    const known = knownValues(stacks.all.map(({ json }) => json));
    const possible = new Set<string>();
    for (const { json } of stacks.all) {
      for (const { operator, valueKind } of mutantsOf(json, known)) possible.add(`${operator} ${valueKind}`);
    }

    expect([...tried].sort()).toEqual([...possible].sort());
  });

  it("catches each mutant, or has a reason why it does no harm or cannot be caught", () => {
    const unexplained = passed.filter((each) => !matches(each, [...harmlessKinds, ...knownGaps]));

    expect(unexplained.map(shown)).toEqual([]);
  });

  it(`catches at least ${scoreAtLeast} % of those that do harm`, () => {
    const harmful = judged.filter((each) => caught(each) || !matches(each, harmlessKinds));
    const found = harmful.filter(caught);
    const byPromise = found.filter(({ caughtBy }) => caughtBy === "stack-promises-kept");
    const byTerraform = found.filter(({ caughtBy }) => /^(validate|plan): /.test(caughtBy ?? ""));
    const score = (100 * found.length) / harmful.length;
    for (const [what, count] of [
      ["mutants", judged.length],
      ["harmless", judged.length - harmful.length],
      ["caught", found.length],
      ["of these by a promise alone", byPromise.length],
      ["of these by Terraform alone", byTerraform.length],
      ["known gaps", harmful.length - found.length],
      ["per mille caught of what does harm", Math.floor(score * 10)],
    ] as const) {
      campaignProgress(`infrastructure mutants: ${what}`, count)(count);
    }

    expect(score).toBeGreaterThanOrEqual(isCampaign ? scoreAtLeast : 90);
  });

  it(`catches at least ${scoreWithoutPromises} % in a stack that promises nothing`, () => {
    const harmful = judged.filter(
      (each) => each.stack === "worker" && (caught(each) || !matches(each, harmlessKinds)),
    );
    const score = (100 * harmful.filter(caught).length) / harmful.length;
    const [what, count] = ["per mille caught without promises", Math.floor(score * 10)] as const;
    campaignProgress(`infrastructure mutants: ${what}`, count)(count);

    expect(isCampaign ? score : scoreWithoutPromises).toBeGreaterThanOrEqual(scoreWithoutPromises);
  });

  it("has no reason that no mutant needs", () => {
    const stale = [...harmlessKinds, ...knownGaps].filter(
      (kind) => !passed.some((each) => isOfKind(each, kind)),
    );

    expect(isCampaign ? stale.map(({ attribute }) => `${attribute}`) : []).toEqual([]);
  });

  it("asks only the rules that read what was mutated, which find what all of them find", () => {
    const stack = stacks.all.find(({ name }) => name === "prod-stack");
    if (!stack) throw new Error("there is no prod-stack");
    const known = knownValues([stack.json]);
    const all: readonly Mutant[] = [...mutantsOf(stack.json, known)];
    const ids = (found: { readonly violations: readonly { readonly rule: { readonly id: string } }[] }) =>
      found.violations.map(({ rule }) => rule.id);

    const different = sampleOf(all, isCampaign ? 500 : 25, next).filter(
      (mutant) => `${ids(stack.check(mutant.json()))}` !== `${ids(stack.checkMutant(mutant))}`,
    );

    expect(different.map(({ address, operator }) => `${address}: ${operator}`)).toEqual([]);
  });
});

function countOf(stacks: MutatedStacks): number {
  const known = knownValues(stacks.all.map(({ json }) => json));
  return stacks.all.reduce((sum, { json }) => sum + [...mutantsOf(json, known)].length, 0);
}
