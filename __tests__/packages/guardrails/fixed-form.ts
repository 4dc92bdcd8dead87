import type { TerraformJson } from "../../../packages/guardrails/stack-view";
import type { Fault } from "./fault";
import type { GoodStacks } from "./good-stacks";

/**
 * Checks that a fault and its fixed form test their rule: the rule finds the fault, no rule finds anything in the fixed
 * form, and the rule read the part of the fixed form that the fault changes.
 * @returns what the fault does not prove; undefined if it proves everything
 */
export function notProven(
  { in: name, plant, caughtBy, fixed }: Fault,
  stacks: GoodStacks,
): string | undefined {
  if (!stacks.check(name, plant).violations.some(({ rule }) => rule.id === caughtBy)) {
    return `${caughtBy} does not find the fault`;
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
  const inspected = changes.filter(({ part, attribute }) =>
    // For a resource that no stack can have, it is enough that the rule asks for the type.
    fixed === "without it"
      ? read.has(part.split(".")[0] ?? "")
      : parts.has(part) && read.has(attribute ? `${part}.${attribute}` : part),
  );
  const about = new Set(changes.map(({ part, attribute = "" }) => `${part} ${attribute}`.trim()));
  return inspected.length > 0
    ? undefined
    : `${caughtBy} finds nothing in the fixed form without reading what the fault changes (${[...about].join(", ")}): give the fault a fixed form that contains it`;
}

interface Difference {
  /** Address of a resource, or name of a section. */
  readonly part: string;
  /** @default the whole part exists in only one of the two stacks */
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

/** Resources by address, and other sections by name. */
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
