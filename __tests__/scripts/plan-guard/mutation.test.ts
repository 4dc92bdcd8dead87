import { judgeChange } from "../../../scripts/plan-guard/judge-change";
import { PlanIndex } from "../../../scripts/plan-guard/plan-index";
import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import { harmlessReasons } from "../../../scripts/plan-guard/rules/harmless";
import { ruleByName } from "../../../scripts/plan-guard/rules/unknown-type";
import type { ResourceChange } from "../../../scripts/plan-guard/terraform-plan";
import { campaignProgress, campaignTimeoutMs, isCampaign } from "../../support/campaign";
import type { SynthesizedStack } from "../../support/synthesized-stack";
import { deployedStack } from "./deployed-stack";
import { type Mutant, mutantsOf } from "./mutants";
import { providerSchema } from "./provider-schema";
import { everyStack } from "./stacks";

/** One resource of each type, or all of them in the campaign, each with the plan that it is in. */
const subjects = (
  stacks: readonly SynthesizedStack[],
): readonly {
  readonly resource: ResourceChange;
  readonly plan: PlanIndex;
  readonly destroyedPlan: PlanIndex;
}[] => {
  const schema = providerSchema();
  const found = stacks.flatMap((stack) => {
    const resources = deployedStack(stack, schema);
    const plan = new PlanIndex({ format_version: "1.2", resource_changes: resources });
    const destroyedPlan = new PlanIndex({
      format_version: "1.2",
      resource_changes: resources.map(destroyed),
    });
    return resources.map((resource) => ({ resource, plan, destroyedPlan }));
  });
  if (isCampaign) return found;
  const richest = new Map<string, (typeof found)[number]>();
  const size = ({ resource }: (typeof found)[number]) => JSON.stringify(resource.change.before).length;
  for (const subject of found) {
    const other = richest.get(subject.resource.type);
    if (!other || size(other) < size(subject)) richest.set(subject.resource.type, subject);
  }
  return [...richest.values()];
};

/** Attributes whose names promise more than they do. */
const misnomers: readonly (readonly [attribute: RegExp, reason: string])[] = [
  [
    /^aws_kinesis_firehose_delivery_stream\.(?!extended_s3)\w+_configuration\./,
    "a stream has one destination, and what is set for another kind does nothing",
  ],
  [/\.bucket_key_enabled$/, "says how often S3 asks for the key, not whether it encrypts"],
  [/\.kms_data_key_reuse_period_seconds$/, "says how often SQS asks for the key, not whether it encrypts"],
  [/^aws_s3_object\.force_destroy$/, "is about versions of a package that is made again"],
];

/** The table is replaced under another name, and whatever names it follows. */
function renamedTable(
  stack: SynthesizedStack,
): readonly { readonly mutant: Mutant; readonly plan: PlanIndex }[] {
  const resources = deployedStack(stack, providerSchema());
  const table = resources.find(({ type }) => type === "aws_dynamodb_table")?.change.before as
    | Values
    | undefined;
  if (!table) return [];
  const renamed = (values: unknown): unknown =>
    JSON.parse(JSON.stringify(values).replaceAll(`${table.name}`, "renamed-table"));
  const changes = resources.map((resource): ResourceChange => {
    const after = renamed(resource.change.before);
    const actions = resource.type === "aws_dynamodb_table" ? ["delete", "create"] : ["update"];
    return { ...resource, change: { ...resource.change, actions, after } };
  });
  const plan = new PlanIndex({ format_version: "1.2", resource_changes: changes });
  return changes
    .filter(({ change }) => JSON.stringify(change.before) !== JSON.stringify(change.after))
    .map((change) => ({ mutant: { name: "table renamed", change }, plan }));
}

function destroyed(resource: ResourceChange): ResourceChange {
  return { ...resource, change: { ...resource.change, actions: ["delete"], after: null } };
}

describe("plan-guard, with every attribute of every type changed in every direction", () => {
  const counts = { refused: 0, access: 0, harmless: 0 };
  const unexplained: string[] = [];
  const reasons = new Set<string>();
  /** Attributes of which no change is refused or told, by what has been tried so far. */
  const silent = new Map<string, boolean>();

  beforeAll(() => {
    const schema = providerSchema();
    const stacks = everyStack();
    const all = subjects(stacks);
    const progress = campaignProgress("resources whose plans were mutated", all.length);
    for (const [index, { resource, plan, destroyedPlan }] of all.entries()) {
      for (const mutant of mutantsOf(resource, schema[resource.type] ?? {})) classify(mutant, plan);
      // The whole stack is destroyed.
      classify({ name: "delete everything", change: destroyed(resource) }, destroyedPlan);
      progress(index + 1);
    }
    for (const stack of isCampaign ? stacks : stacks.slice(0, 2)) {
      for (const change of renamedTable(stack)) classify(change.mutant, change.plan);
    }
    for (const [verdict, count] of Object.entries(counts)) {
      campaignProgress(`mutated plans: ${verdict}`, count)(count);
    }
    campaignProgress("mutated plans: no verdict", unexplained.length)(unexplained.length);
  }, campaignTimeoutMs);

  it("refuses, tells, or has a reason why nothing is lost", () => {
    expect(unexplained).toEqual([]);
  });

  it("refuses and tells many, so that no reason covers everything", () => {
    const total = counts.refused + counts.access + counts.harmless;

    expect(counts.refused / total).toBeGreaterThan(0.4);
    expect(counts.access).toBeGreaterThan(100);
  });

  it("is silent about no attribute whose name speaks of keeping, opening or turning off", () => {
    const named = [...silent]
      .filter(([attribute, isSilent]) => isSilent && ruleByName(attribute))
      .map(([attribute]) => attribute);

    expect(named.filter((attribute) => !misnomers.some(([name]) => name.test(attribute)))).toEqual([]);
    expect(misnomers.filter(([name]) => !named.some((attribute) => name.test(attribute)))).toEqual([]);
  });

  it("has no reason that no change needs", () => {
    expect([...reasons].sort()).toEqual(Object.keys(harmlessReasons).sort());
  });

  function classify({ name, change }: Mutant, plan: PlanIndex): void {
    const { losses, access, unjudged, harmless } = judgeChange(change, change.address, plan);
    for (const reason of harmless) reasons.add(reason);
    const [path, direction] = name.split(":");
    const attribute = `${change.type}.${path}`;
    const isHeard = losses.length + access.length > 0;
    if (direction) silent.set(attribute, (silent.get(attribute) ?? true) && !isHeard);
    if (unjudged.length > 0) unexplained.push(`${change.type} ${name}: not judged`);
    else if (losses.length > 0) counts.refused++;
    else if (access.length > 0) counts.access++;
    else if (harmless.length > 0) counts.harmless++;
    else if (name !== "create") unexplained.push(`${change.type} ${name}: no verdict`);
  }
});
