import { hclToJson } from "../../../../packages/guardrails/expression";

/** A step into a value: a key, an index, or the JSON that a text contains. */
export type Step = string | number;
export type Path = readonly Step[];

/** The step from a text to the JSON in it, as written or as the argument of Terraform's `jsonencode`. */
export const inJson = "{json}";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** The object or list that a text contains; undefined if it contains none. */
export function jsonIn(text: string): Json | undefined {
  const encoded = /^\$\{jsonencode\(([\s\S]*)\)\}$/.exec(text)?.[1];
  if (encoded !== undefined) return hclToJson(encoded) as Json;
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A copy with one value replaced; undefined removes it. Everything beside the path is shared with the original. */
export function replaced(value: Json, [step, ...rest]: Path, by: Json | undefined): Json | undefined {
  if (step === undefined) return by;
  if (step === inJson) {
    const inner = replaced(jsonIn(`${value}`) ?? null, rest, by);
    return inner === undefined ? undefined : JSON.stringify(inner);
  }
  if (Array.isArray(value)) {
    const inner = replaced(value[Number(step)], rest, by);
    return value.flatMap((element, index) =>
      index !== step ? [element] : inner === undefined ? [] : [inner],
    );
  }
  const record = (value ?? {}) as Readonly<Record<string, Json>>;
  const { [step]: old, ...others } = record;
  const inner = replaced(old ?? null, rest, by);
  return inner === undefined ? others : { ...record, [step]: inner };
}

/** A path without the positions in lists: `rule[].status`. */
export function shapeOf(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? "[]" : `.${step}`))
    .join("")
    .replace(/^\./, "");
}
