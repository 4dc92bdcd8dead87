/**
 * Deepest nesting of objects and arrays in a request body, counting the body itself. DynamoDB stores 32
 * levels (developer guide, "Constraints": nested attribute depth), and counts the scalar at the bottom as
 * one: tests showed that it takes 31 maps around a scalar and refuses 32. The body around `data` becomes the
 * row itself.
 */
export const JSON_MAX_DEPTH = 32;

/**
 * Largest number, of either sign: 2^53 - 1. DynamoDB stores up to 9.99e125 with 38 digits, but JSON numbers
 * are parsed as doubles here, which round beyond this.
 */
export const JSON_MAX_NUMBER = Number.MAX_SAFE_INTEGER;

/**
 * Smallest number other than 0, of either sign: DynamoDB's own limit (developer guide, "Constraints":
 * Number).
 */
export const JSON_MIN_NUMBER = 1e-130;

/** Longest property name, in bytes of UTF-8: DynamoDB's limit for an attribute name. */
export const JSON_MAX_NAME_BYTES = 65_535;

/** Half of a surrogate pair, which is not a character. */
export const LONE_SURROGATE = /\p{Cs}/u;

/** Tells the sender of a parsed JSON value why the table cannot store it unchanged. `undefined` if it can. */
export const jsonProblem = (value: unknown, depth = 1): string | undefined => {
  if (typeof value === "string") return stringProblem(value);
  if (typeof value === "number") return numberProblem(value);
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > JSON_MAX_DEPTH) {
    return `The body is nested too deeply: at most ${JSON_MAX_DEPTH} levels of objects and arrays, counting the body itself.`;
  }
  const isArray = Array.isArray(value);
  for (const [name, child] of Object.entries(value)) {
    const problem = (isArray ? undefined : nameProblem(name)) ?? jsonProblem(child, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const stringProblem = (text: string): string | undefined =>
  LONE_SURROGATE.test(text)
    ? "The body contains half of a surrogate pair, which is not a character. Send whole characters."
    : undefined;

const numberProblem = (number: number): string | undefined => {
  const size = Math.abs(number);
  return size === 0 || (size >= JSON_MIN_NUMBER && size <= JSON_MAX_NUMBER)
    ? undefined
    : `The body contains a number that cannot be stored exactly: only 0 and ${JSON_MIN_NUMBER} to ${JSON_MAX_NUMBER}, of either sign, can. Send it as a string.`;
};

const nameProblem = (name: string): string | undefined => {
  if (name === "__proto__") return "The body contains a property named __proto__. Rename it.";
  if (name === "") return "The body contains a property with an empty name. Give it a name.";
  if (Buffer.byteLength(name) > JSON_MAX_NAME_BYTES) {
    return `The body contains a property name of more than ${JSON_MAX_NAME_BYTES} bytes. Shorten it.`;
  }
  return stringProblem(name);
};
