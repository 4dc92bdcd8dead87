import type { TerraformJson } from "../../../packages/guardrails/stack-view";
import type { Fault } from "./faults";
import type { GoodStacks } from "./good-stacks";

/**
 * What is not shown of a rule by a fault and its fixed form: that the rule tells of the fault, that the fixed form
 * breaks no rule, and that the silence means something, as the rule read there what the fault is about.
 * @returns undefined where all of it is shown
 */
export function notShown(
  { in: name, plant, caughtBy, fixed }: Fault,
  stacks: GoodStacks,
): string | undefined {
  if (!stacks.check(name, plant).violations.some(({ rule }) => rule.id === caughtBy)) {
    return `${caughtBy} does not tell of the fault`;
  }

  const fix = typeof fixed === "function" ? fixed : undefined;
  const { violations, read: reads } = stacks.check(name, fix);
  if (violations.length > 0) {
    return `the fixed form breaks ${violations.map(({ rule, path }) => `${rule.id} at ${path}`).join(", ")}`;
  }

  const read = reads.get(caughtBy) ?? new Set();
  const broken = stacks.json(name, plant);
  const form = stacks.json(name, fix);
  const changes = [...differences(broken, form), ...differences(broken, stacks.json(name))];
  const parts = partsOf(form);
  const looked = changes.filter(({ part, attribute }) =>
    // Of what no stack may have, the look is the question whether there is one.
    fixed === "without it"
      ? read.has(part.split(".")[0] ?? "")
      : parts.has(part) && read.has(attribute ? `${part}.${attribute}` : part),
  );
  const about = new Set(changes.map(({ part, attribute = "" }) => `${part} ${attribute}`.trim()));
  return looked.length > 0
    ? undefined
    : `${caughtBy} is silent without a look at what the fault is about (${[...about].join(", ")}): give the fault a fixed form that has it`;
}

interface Difference {
  /** Address of a resource, or name of a section. */
  readonly part: string;
  /** @default the whole part is in one of the two stacks alone */
  readonly attribute?: string;
}

function differences(broken: TerraformJson, form: TerraformJson): readonly Difference[] {
  const [inBroken, inForm] = [partsOf(broken), partsOf(form)];
  return [...new Set([...inBroken.keys(), ...inForm.keys()])].flatMap((part): Difference[] => {
    const [one, other] = [inBroken.get(part), inForm.get(part)];
    if (!one || !other) return [{ part }];
    const attributes = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return attributes
      .filter((attribute) => JSON.stringify(one[attribute]) !== JSON.stringify(other[attribute]))
      .map((attribute) => ({ part, attribute }));
  });
}

type Parts = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Resources by their addresses, and the sections that hold none by their names. */
function partsOf({ resource = {}, data = {}, terraform = {}, provider = {} }: TerraformJson): Parts {
  const blocks = [
    ...Object.entries(resource),
    ...Object.entries(data).map(([type, byId]) => [`data.${type}`, byId] as const),
  ];
  return new Map<string, Readonly<Record<string, unknown>>>([
    ...blocks.flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, attributes]) => [`${type}.${id}`, attributes] as const),
    ),
    ["terraform", terraform],
    ["provider", provider],
  ]);
}
