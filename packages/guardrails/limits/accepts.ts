/** What an attribute accepts. */
export interface Accepts {
  /** In words, to follow "not". */
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
}

const format = (value: number): string => value.toLocaleString("en-US");

const numberIn = (value: unknown): number =>
  typeof value === "number" || (typeof value === "string" && value.trim() !== "")
    ? Number(value)
    : Number.NaN;

/** A whole number, and some special ones, such as -1 for "no limit". */
export const whole = (minimum: number, maximum: number, ...special: readonly number[]): Accepts => ({
  words: `a whole number from ${format(minimum)} to ${format(maximum)}${special.length > 0 ? ` or ${special.join(", ")}` : ""}`,
  holds: (value) => {
    const number = numberIn(value);
    return Number.isInteger(number) && ((number >= minimum && number <= maximum) || special.includes(number));
  },
});

export const oneOf = (...values: readonly string[]): Accepts => ({
  words: values.length === 1 ? `${values[0]}` : `one of ${values.join(", ")}`,
  holds: (value) => values.includes(`${value}`),
});

export const matching = (pattern: RegExp, words: string): Accepts => ({
  words,
  holds: (value) => pattern.test(`${value}`),
});

/** Characters, as services that say "length" count them. */
export const upTo = (maximum: number, what = "characters"): Accepts => ({
  words: `at most ${format(maximum)} ${what}`,
  holds: (value) => `${value}`.length <= maximum,
});

/** A limit of one attribute. */
export interface Limit {
  readonly type: string;
  /** `a.b` is in nested blocks, of which there can be several. */
  readonly attribute: string;
  readonly accepts: Accepts;
  /** The page or API action of AWS's documentation that says so. */
  readonly source: string;
}

/** Limits of a type that have one source. */
export function limitsOf(
  type: string,
  source: string,
  attributes: Readonly<Record<string, Accepts>>,
): readonly Limit[] {
  return Object.entries(attributes).map(([attribute, accepts]) => ({ type, attribute, accepts, source }));
}
