import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import { equal, isUnset } from "../../../scripts/plan-guard/rules/values";
import type { ResourceChange } from "../../../scripts/plan-guard/terraform-plan";
import { mutatedPolicies } from "./mutated-policies";
import type { AttributeKind } from "./reduced-schema";

export interface Mutant {
  /** For example `message_retention_seconds: lower`. */
  readonly name: string;
  readonly change: ResourceChange;
}

/** Which block of a list is changed. */
type Position = "first" | "last";

/** A value in place of another, or one that is known only after apply. */
type Mutation = { readonly direction: string; readonly value?: unknown; readonly unknown?: true };

/** Every attribute of a resource, set or not, in every direction; and what can happen to the resource as a whole. */
export function* mutantsOf(
  resource: ResourceChange,
  paths: Readonly<Record<string, AttributeKind>>,
): Generator<Mutant> {
  for (const actions of [["delete"], ["delete", "create"], ["create", "delete"], ["create", "forget"]]) {
    const after = actions.includes("create") ? resource.change.after : null;
    yield {
      name: actions.join(" and "),
      change: { ...resource, change: { ...resource.change, actions, after } },
    };
  }
  yield { name: "create", change: created(resource) };
  for (const [path, kind] of Object.entries(paths)) {
    for (const position of ["first", "last"] as const) {
      yield* attributeMutants(resource, path, position, { kind, added: addedTo(path, paths) });
    }
  }
}

function* attributeMutants(
  resource: ResourceChange,
  path: string,
  position: Position,
  { kind, added }: { readonly kind: AttributeKind; readonly added: unknown },
): Generator<Mutant> {
  const before = resource.change.before as Values;
  const names = path.split(".");
  const given = at(before, names, position);
  for (const { direction, value, unknown } of mutations(given, kind, added)) {
    if (!unknown && isUnset(value) && isUnset(given)) continue;
    const after = replaced(before, names, position, unknown ? null : value) as Values;
    if (!unknown && equal(before, after)) continue;
    const after_unknown = unknown ? replaced({}, names, position, true) : {};
    const change = { actions: ["update"], before, after, after_unknown };
    yield { name: `${path}: ${direction}`, change: { ...resource, change } };
    if (direction !== "other") continue;
    const replacement = { ...change, actions: ["delete", "create"] };
    yield { name: `${path}: ${direction}, replaced`, change: { ...resource, change: replacement } };
  }
}

/** A block, or an element of a list, that was not there. */
function addedTo(path: string, paths: Readonly<Record<string, AttributeKind>>): unknown {
  if (paths[path] !== "block") return "added";
  const inside = Object.keys(paths).find((other) => other.startsWith(`${path}.`) && paths[other] !== "block");
  return { [inside?.slice(path.length + 1) ?? "name"]: "added" };
}

function created(resource: ResourceChange): ResourceChange {
  return { ...resource, change: { ...resource.change, actions: ["create"], before: null } };
}

function mutations(value: unknown, kind: AttributeKind, added: unknown): readonly Mutation[] {
  const drop = value === undefined || value === null ? [] : [{ direction: "drop", value: null }];
  return [...drop, { direction: "unknown", unknown: true }, ...ofKind(value ?? undefined, kind, added)];
}

function ofKind(value: unknown, kind: AttributeKind, added: unknown): readonly Mutation[] {
  switch (kind) {
    case "bool":
      return [true, false].map((each) => ({ direction: `${each}`, value: each }));
    case "number": {
      const given = typeof value === "number" ? value : 10;
      return [0, 1, -1, given / 100, given - 1, given + 1, given * 100].map((each) => ({
        direction: each < given ? "lower" : "raise",
        value: each,
      }));
    }
    case "string":
      return [
        { direction: "empty", value: "" },
        { direction: "other", value: `${value ?? "a"}-other` },
        ...["NONE", "Disabled", "0", "*"].map((each) => ({ direction: `"${each}"`, value: each })),
        ...mutatedPolicies(value).map(([direction, each]) => ({ direction, value: each })),
      ];
    case "map": {
      const entries = Object.entries((value ?? {}) as Values);
      return [
        { direction: "empty", value: {} },
        { direction: "add", value: Object.fromEntries([...entries, ["added", "a"]]) },
        { direction: "drop one", value: Object.fromEntries(entries.slice(1)) },
        {
          direction: "other",
          value: Object.fromEntries(entries.map(([name, each]) => [name, `${each}-other`])),
        },
      ];
    }
    default: {
      const elements = (value ?? []) as readonly unknown[];
      return [
        { direction: "empty", value: [] },
        { direction: "add", value: [...elements, added] },
        { direction: "drop one", value: elements.slice(1) },
        ...(elements.length > 0 ? [{ direction: "other", value: [added, ...elements.slice(1)] }] : []),
      ];
    }
  }
}

function at(value: unknown, [first, ...rest]: readonly string[], position: Position): unknown {
  if (first === undefined) return value;
  const block = Array.isArray(value) ? value.at(position === "first" ? 0 : -1) : value;
  return at((block as Values | undefined)?.[first], rest, position);
}

/** A copy with one attribute replaced, in the first or the last block of a list. A missing block is added. */
function replaced(
  value: unknown,
  [first, ...rest]: readonly string[],
  position: Position,
  by: unknown,
): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value)) {
    const index = position === "first" ? 0 : Math.max(value.length - 1, 0);
    const copy = [...value];
    copy[index] = replaced(copy[index] ?? {}, [first, ...rest], position, by);
    return copy;
  }
  const record = (value ?? {}) as Values;
  const inner = rest.length > 0 ? (record[first] ?? []) : undefined;
  return { ...record, [first]: replaced(inner, rest, position, by) };
}
