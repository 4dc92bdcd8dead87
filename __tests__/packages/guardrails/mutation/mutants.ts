import type { TerraformJson } from "../../../../packages/guardrails/stack-view";
import { inJson, type Json, jsonIn, type Path, replaced, shapeOf } from "./paths";
import { isPolicy, type Mutation, policyMutations } from "./policy-operators";
import { References } from "./references";
import { type KnownValues, type ValueKind, valueMutations } from "./value-operators";

/** A stack with one fault, or one change that is none. */
export interface Mutant {
  readonly operator: string;
  /** The mutated attribute's or resource's: `aws_sqs_queue.redrive_policy.{json}.maxReceiveCount`. */
  readonly attribute: string;
  readonly valueKind: ValueKind;
  /** Address of the mutated block, or name of the mutated section. */
  readonly address: string;
  readonly path: Path;
  readonly json: () => TerraformJson;
  /** The mutated block alone; undefined if it was removed. */
  readonly block: Json | undefined;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** Every operator on every value of a stack. */
export function* mutantsOf(stack: TerraformJson, known: KnownValues): Generator<Mutant> {
  const references = new References(stack);
  for (const { type, at, body } of blocksOf(stack)) {
    const address = at[0] === "resource" ? `${at[1]}.${at[2]}` : at.join(".");
    const mutant = (operator: string, valueKind: ValueKind, path: Path, by: Json | undefined): Mutant => {
      const block = replaced(body, path, by);
      const json = () => replaced(stack as Json, at, block) as TerraformJson;
      const attribute = `${type}${path.length > 0 ? `.${shapeOf(path)}` : ""}`;
      return { operator, attribute, valueKind, address, path, block, json };
    };
    if (at.length > 1) yield mutant("remove", "block", [], undefined);
    if (at[0] === "resource")
      yield { ...mutant("duplicate", "block", [], body), json: duplicated(stack, at) };
    for (const [path, value] of valuesIn(body, [])) {
      const kind = `${type}.${shapeOf(path)}`;
      for (const [operator, by] of mutations(value, kind)) {
        if (JSON.stringify(by) === JSON.stringify(value)) continue;
        yield mutant(operator, kindOf(value), path, by);
      }
    }
  }

  function mutations(value: Json, kind: string): readonly Mutation[] {
    const drop: Mutation = ["drop", undefined];
    const inner = typeof value === "string" ? jsonIn(value) : undefined;
    if (inner === undefined) return [drop, ...valueMutations(value, { kind, references, known })];
    const ofPolicy = isPolicy(inner) ? policyMutations(inner) : [];
    return [drop, ["empty", ""], ...ofPolicy.map(([name, json]) => [name, JSON.stringify(json)] as const)];
  }
}

/** Literal texts by the kind of attribute that has them, in all stacks. */
export function knownValues(stacks: readonly TerraformJson[]): KnownValues {
  const known = new Map<string, Set<string>>();
  for (const { type, body } of stacks.flatMap((stack) => [...blocksOf(stack)])) {
    for (const [path, value] of valuesIn(body, [])) {
      if (typeof value !== "string" || value.includes("${") || jsonIn(value) !== undefined) continue;
      const kind = `${type}.${shapeOf(path)}`;
      known.set(kind, (known.get(kind) ?? new Set()).add(value));
    }
  }
  return new Map([...known].map(([kind, values]) => [kind, [...values].sort()]));
}

interface BlockAt {
  /** `aws_sqs_queue`, `data.archive_file`, `output`, `provider.aws`. */
  readonly type: string;
  readonly at: readonly string[];
  readonly body: Json;
}

function* blocksOf(stack: TerraformJson): Generator<BlockAt> {
  for (const [section, content] of Object.entries(stack)) {
    if (section === "//") continue;
    for (const [type, byId] of Object.entries(content as Blocks)) {
      if (section !== "resource" && section !== "data") {
        const isNamed = section === "output" || section === "locals";
        yield { type: isNamed ? section : `${section}.${type}`, at: [section, type], body: byId as Json };
        continue;
      }
      for (const [id, body] of Object.entries(byId)) {
        yield { type: section === "data" ? `data.${type}` : type, at: [section, type, id], body };
      }
    }
  }
}

/** Every value in a block, deep, with its path. JSON in texts is walked too, except for policies. */
function* valuesIn(value: Json, path: Path): Generator<readonly [Path, Json]> {
  if (path.length > 0 || typeof value !== "object") yield [path, value];
  const inner = typeof value === "string" ? jsonIn(value) : undefined;
  if (inner !== undefined) {
    if (!isPolicy(inner))
      for (const [name, each] of members(inner)) yield* valuesIn(each, [...path, inJson, name]);
    return;
  }
  for (const [name, each] of members(value)) yield* valuesIn(each, [...path, name]);
}

function members(value: Json): readonly (readonly [string | number, Json])[] {
  if (Array.isArray(value)) return value.map((each, index) => [index, each] as const);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).filter(([name]) => name !== "//");
}

function kindOf(value: Json): ValueKind {
  if (Array.isArray(value)) return "list";
  if (typeof value !== "string") return typeof value === "object" ? "block" : (typeof value as ValueKind);
  const inner = jsonIn(value);
  if (inner !== undefined) return isPolicy(inner) ? "policy" : "json";
  return value.includes("${") ? "reference" : "string";
}

/** The same resource once more, under another id. */
function duplicated(stack: TerraformJson, [, type = "", id = ""]: readonly string[]): () => TerraformJson {
  return () => {
    const byId = stack.resource?.[type] ?? {};
    const { "//": _, ...body } = byId[id] ?? {};
    return { ...stack, resource: { ...stack.resource, [type]: { ...byId, [`${id}-again`]: body } } };
  };
}
