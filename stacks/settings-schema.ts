import * as z from "zod/mini";
import { nearest } from "../packages/terminal/nearest";

/**
 * An object with exactly these settings. Each schema's message says what a value must be, to follow "must"; the value and
 * its place are added where problems are reported.
 */
export function settings<Shape extends z.core.$ZodShape>(rule: string, shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? unknownSettings(issue.keys, Object.keys(shape)) : rule,
  });
}

/** One line for each unknown setting. */
function unknownSettings(unknown: readonly string[], known: readonly string[]): string {
  return unknown
    .map((key) => {
      const meant = nearest(key, known);
      return `${key} is not a setting; ${meant ? `did you mean ${meant}?` : `there is ${known.join(", ")}`}`;
    })
    .join("\n");
}

/** A setting that can be left out. The value undefined is rejected, because it is rarely intended. */
export const optional = z.exactOptional;

export function wholeNumber(unit: string, minimum: number, maximum: number) {
  const rule = `be a whole number of ${unit} between ${minimum} and ${maximum}`;
  return z.int(rule).check(z.minimum(minimum, rule), z.maximum(maximum, rule));
}

export function text(rule: string, pattern: RegExp) {
  return z.string(rule).check(z.regex(pattern, rule));
}

export function oneOf<const Value extends string | number>(...values: Value[]) {
  return z.literal(values, `be one of ${values.join(", ")}`);
}

export function trueOrFalse() {
  return z.boolean("be true or false");
}

/** A switch that is on, off, or on with settings. */
export function trueFalseOr<Settings extends z.ZodMiniType>(example: string, schema: Settings) {
  return z.union([z.boolean(), schema], `be true, false or ${example}`);
}

/** A list without duplicates. */
export function list<Element extends z.ZodMiniType>(rule: string, element: Element, atLeast = 0) {
  return z.array(element, rule).check(
    z.minLength(atLeast, rule),
    z.refine((values) => new Set(values).size === values.length, "name each entry once"),
  );
}
