import fc from "fast-check";
import { compileJavaPattern } from "../../../../packages/laptop/service-models/java-pattern";
import type { RawShape } from "../../../../packages/laptop/service-models/raw-shape";
import { isUntried } from "../../../../packages/laptop/service-models/untried-patterns";
import type { Violation } from "../../../../packages/laptop/service-models/violation";
import type { RawModel } from "./botocore";

type Parameters = Readonly<Record<string, unknown>>;

/** A call that breaks one rule of the model. */
export interface BrokenCall {
  readonly parameters: Parameters;
  readonly kind: Violation["kind"];
  readonly path: string;
}

/** Texts to try before a pattern has to be generated. */
const samples = [
  "a",
  "A1",
  "1",
  "12",
  "a-b",
  "123456789012",
  "arn:aws:iam::123456789012:role/r",
  "a@b.c",
  "/a",
  "1.0",
];
/** Texts that most patterns refuse. */
const strangers = ["\u0001", "!", " ", "?!", "é€", "a b", "§§§§", " ! ", "|".repeat(20), "\u0001".repeat(40)];

/** Builds calls of a service from its model. */
export class GeneratedCalls {
  private readonly values = new Map<string, unknown>();

  constructor(private readonly model: RawModel) {}

  /** @returns the required members alone; undefined if no text for a pattern is found */
  minimal(operation: string): Parameters | undefined {
    const input = this.model.operations[operation]?.input;
    if (!input) return {};
    try {
      return this.value(input.shape, []) as Parameters;
    } catch (error) {
      if (error instanceof NoText) return undefined;
      throw error;
    }
  }

  /** Calls that each break one rule, of a member at most three levels deep. */
  broken(operation: string): readonly BrokenCall[] {
    const input = this.model.operations[operation]?.input;
    const minimal = this.minimal(operation);
    if (!input || !minimal) return [];
    return [...this.brokenStructure(input.shape, minimal, 3, true)];
  }

  private *brokenStructure(
    name: string,
    valid: Parameters,
    depth: number,
    top = false,
  ): Generator<BrokenCall> {
    const shape = this.shape(name);
    for (const [member, { shape: inner, location }] of Object.entries(shape.members ?? {})) {
      const path = `${member.charAt(0).toLowerCase()}${member.slice(1)}`;
      // Without its payload, a call still has a body: an empty one.
      const payload = member === shape.payload;
      // Most protocols do not send an empty structure.
      const last = !top && Object.keys(valid).length === 1;
      if (
        shape.required?.includes(member) &&
        location === undefined &&
        !payload &&
        !last &&
        (top || depth > 0)
      ) {
        const { [member]: _, ...others } = valid;
        yield { parameters: others, kind: "required", path };
      }
      if (location === "uri" || location === "headers") continue;
      for (const broken of this.brokenValue(inner, valid[member], depth)) {
        // The query has no empty lists.
        if (location !== undefined && Array.isArray(broken.value) && broken.value.length === 0) continue;
        const parameters = { ...valid, [member]: broken.value };
        yield { parameters, kind: broken.kind, path: `${path}${broken.path}` };
      }
    }
  }

  private *brokenValue(
    name: string,
    valid: unknown,
    depth: number,
  ): Generator<{ readonly value: unknown; readonly kind: Violation["kind"]; readonly path: string }> {
    const shape = this.shape(name);
    yield* this.brokenHere(shape).map((broken) => ({ ...broken, path: "" }));
    if (depth === 0 || shape.document) return;
    try {
      if (shape.type === "structure") {
        const inner = (valid ?? this.value(name, ["member"])) as Parameters;
        for (const { parameters, kind, path } of this.brokenStructure(name, inner, depth - 1)) {
          yield { value: parameters, kind, path: `.${path}` };
        }
      } else if (shape.type === "list" && shape.member) {
        const item = this.shape(shape.member.shape);
        const structured = item.type === "structure" || item.type === "list" || item.type === "map";
        for (const { value, kind, path } of this.brokenValue(shape.member.shape, undefined, depth - 1)) {
          yield { value: [value], kind, path: structured ? `.1.member${path}` : "" };
        }
      }
    } catch (error) {
      if (!(error instanceof NoText)) throw error;
    }
  }

  private brokenHere(shape: RawShape): { readonly value: unknown; readonly kind: Violation["kind"] }[] {
    const { type, min, max, enum: values, pattern } = shape;
    const broken: { readonly value: unknown; readonly kind: Violation["kind"] }[] = [];
    if (type === "string") {
      if (values) broken.push({ value: "not-in-the-list", kind: "enum" });
      if (max !== undefined && max < 3_000) broken.push({ value: "a".repeat(max + 1), kind: "maximum" });
      if (min !== undefined && min > 1) broken.push({ value: "a".repeat(min - 1), kind: "minimum" });
      const stranger =
        pattern &&
        !isUntried(pattern) &&
        strangers.find((text) => !(compileJavaPattern(pattern)?.test(text) ?? true));
      if (stranger) broken.push({ value: stranger, kind: "pattern" });
    }
    if (type === "integer" || type === "long") {
      if (max !== undefined && max < 2 ** 40) broken.push({ value: max + 1, kind: "maximum" });
      if (min !== undefined && min > -(2 ** 40)) broken.push({ value: min - 1, kind: "minimum" });
    }
    if (type === "list" && shape.member) {
      if (min !== undefined && min > 0) broken.push({ value: [], kind: "minimum" });
      if (max !== undefined && max <= 100) {
        try {
          const item = this.value(shape.member.shape, ["list"]);
          broken.push({ value: Array.from({ length: max + 1 }, () => item), kind: "maximum" });
        } catch (error) {
          if (!(error instanceof NoText)) throw error;
        }
      }
    }
    return broken;
  }

  private shape(name: string): RawShape {
    return this.model.shapes[name] as RawShape;
  }

  private value(name: string, within: readonly string[]): unknown {
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const value = this.build(name, within);
    this.values.set(name, value);
    return value;
  }

  private build(name: string, within: readonly string[]): unknown {
    const shape = this.shape(name);
    const inside = [...within, name];
    const { type, min = 0, max = Number.MAX_SAFE_INTEGER } = shape;
    switch (type) {
      case "structure": {
        // A structure without members is no structure on the wire of most protocols.
        const [first] = Object.keys(shape.members ?? {});
        const needed =
          shape.required ?? (first !== undefined && within.length > 0 && !shape.document ? [first] : []);
        const members = needed.map((member) => {
          const inner = shape.members?.[member]?.shape ?? "";
          if (inside.includes(inner)) throw new NoText(`${name} contains itself`);
          return [member, this.value(inner, inside)];
        });
        return Object.fromEntries(members);
      }
      case "list":
        return Array.from({ length: Math.max(min, 1) }, () => this.value(shape.member?.shape ?? "", inside));
      case "map": {
        const [key, value] = [shape.key?.shape ?? "", shape.value?.shape ?? ""];
        return { [`${this.value(key, inside)}`]: this.value(value, inside) };
      }
      case "integer":
      case "long":
      case "float":
      case "double":
        return Math.min(Math.max(min, 1), max);
      case "boolean":
        return true;
      case "timestamp":
        return "2026-01-01T00:00:00Z";
      case "blob":
        return "a".repeat(Math.max(min, 1));
      default:
        return shape.enum?.[0] ?? text(shape);
    }
  }
}

class NoText extends Error {}

function text({ pattern, min = 0, max = Number.MAX_SAFE_INTEGER }: RawShape): string {
  const plain = "a".repeat(Math.min(Math.max(min, 1), max));
  const expression = pattern ? compileJavaPattern(pattern) : undefined;
  if (!expression) return plain;
  const fits = (candidate: string) =>
    expression.test(candidate) && candidate.length >= min && candidate.length <= max && candidate !== "";
  const known = [plain, ...samples, "1".repeat(Math.max(min, 1))].find(fits);
  if (known) return known;
  try {
    const arbitrary = fc.stringMatching(new RegExp(expression.source, "u"));
    const found = fc.sample(arbitrary, { numRuns: 50, seed: 1 }).find(fits);
    if (found) return found;
  } catch {
    // fast-check does not know every kind of pattern.
  }
  throw new NoText(pattern);
}
