import { compileJavaPattern } from "./java-pattern";
import type { RawShape } from "./raw-shape";
import { isUntried } from "./untried-patterns";

/** A rule for one value, in the words of AWS's errors. */
export interface Constraint {
  readonly kind: "enum" | "pattern" | "maximum" | "minimum";
  /** For example `Member must have value greater than or equal to 128`. */
  readonly text: string;
  /** The bound, the pattern or the allowed values. */
  readonly limit: string;
  holds(value: unknown): boolean;
}

/**
 * A pattern is not tried on a longer text: backtracking could take seconds. Every text that is not too long by far is tried.
 * @returns a number of UTF-16 units
 */
export function longestForPattern({ max = 4_096 }: RawShape): number {
  return Math.min(Math.max(max, 512), 4_096);
}

/** In the order in which AWS lists them. */
export function constraintsOf(raw: RawShape): readonly Constraint[] {
  return [...patternOf(raw), ...boundsOf(raw), ...enumOf(raw)];
}

function patternOf(raw: RawShape): Constraint[] {
  const { type, pattern } = raw;
  if (type !== "string" || !pattern || isUntried(pattern)) return [];
  const expression = compileJavaPattern(pattern);
  if (!expression) return [];
  const longest = longestForPattern(raw);
  return [
    {
      kind: "pattern",
      text: `Member must satisfy regular expression pattern: ${pattern}`,
      limit: pattern,
      holds: (value) => String(value).length > longest || expression.test(String(value)),
    },
  ];
}

function boundsOf({ type, min, max }: RawShape): Constraint[] {
  const [what, size] = measures[type] ?? [];
  if (!what || !size) return [];
  const constraints: Constraint[] = [];
  if (max !== undefined) {
    constraints.push({
      kind: "maximum",
      text: `Member must have ${what} less than or equal to ${max}`,
      limit: `${max}`,
      holds: (value) => size(value) <= max,
    });
  }
  if (min !== undefined) {
    constraints.push({
      kind: "minimum",
      text: `Member must have ${what} greater than or equal to ${min}`,
      limit: `${min}`,
      holds: (value) => size(value) >= min,
    });
  }
  return constraints;
}

/** What a shape's bounds are about, and how it is measured. */
const measures: Readonly<Record<string, readonly [what: string, size: (value: unknown) => number]>> = {
  string: ["length", (value) => lengthInCharacters(String(value))],
  blob: ["length", (value) => bytesOf(value)],
  list: ["length", (value) => (value as readonly unknown[]).length],
  map: ["length", (value) => Object.keys(value as object).length],
  integer: ["value", Number],
  long: ["value", Number],
  float: ["value", Number],
  double: ["value", Number],
};

function enumOf({ type, enum: values }: RawShape): Constraint[] {
  if (!values || (type !== "string" && type !== "integer")) return [];
  const allowed = new Set(values.map(String));
  const limit = `[${values.join(", ")}]`;
  return [
    {
      kind: "enum",
      text: `Member must satisfy enum value set: ${limit}`,
      limit,
      holds: (value) => allowed.has(String(value)),
    },
  ];
}

/** Characters outside the basic plane count once. */
function lengthInCharacters(text: string): number {
  let surrogates = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code < 0xdc00) surrogates++;
  }
  return text.length - surrogates;
}

/** A blob is base64 in JSON, and bytes in CBOR. */
function bytesOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  const text = String(value);
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor((text.length * 3) / 4) - padding;
}
