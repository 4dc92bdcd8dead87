/**
 * Deepest nesting of objects and arrays in a request body, the body itself counted. DynamoDB keeps 32 levels
 * (developer guide, "Constraints": nested attribute depth), of which the scalar at the bottom is one: it was
 * seen to take 31 maps around a scalar and to refuse 32. The body around `data` becomes the row itself.
 */
export const JSON_MAX_DEPTH = 32;

/**
 * Largest number, either sign: 2^53 - 1. DynamoDB keeps up to 9.99e125 with 38 digits, but JSON numbers are
 * read as doubles here, which round beyond this.
 */
export const JSON_MAX_NUMBER = Number.MAX_SAFE_INTEGER;

/** Smallest number other than 0, either sign: DynamoDB's own (developer guide, "Constraints": Number). */
export const JSON_MIN_NUMBER = 1e-130;

/** Longest name of a property, in bytes of UTF-8: DynamoDB's bound on an attribute's name. */
export const JSON_MAX_NAME_BYTES = 65_535;

const LONE_SURROGATE = /\p{Cs}/u;

/** Why the table could not keep a parsed JSON value as it is, said to its sender, or `undefined` where it can. */
export const jsonProblem = (value: unknown, depth = 1): string | undefined => {
  if (typeof value === "string") return stringProblem(value);
  if (typeof value === "number") return numberProblem(value);
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > JSON_MAX_DEPTH) {
    return `The body is nested too deep: at most ${JSON_MAX_DEPTH} objects and arrays within each other, the body itself counted.`;
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
    ? "The body holds half of a surrogate pair, which is not a character. Send whole characters."
    : undefined;

const numberProblem = (number: number): string | undefined => {
  const size = Math.abs(number);
  return size === 0 || (size >= JSON_MIN_NUMBER && size <= JSON_MAX_NUMBER)
    ? undefined
    : `The body holds a number that cannot be kept exactly: other than 0, from ${JSON_MIN_NUMBER} to ${JSON_MAX_NUMBER} of either sign. Send it as a string.`;
};

const nameProblem = (name: string): string | undefined => {
  if (name === "__proto__") return "The body holds a property named __proto__. Name it otherwise.";
  if (name === "") return "The body holds a property with an empty name. Give it a name.";
  if (Buffer.byteLength(name) > JSON_MAX_NAME_BYTES) {
    return `The body holds a property with a name of more than ${JSON_MAX_NAME_BYTES} bytes. Shorten it.`;
  }
  return stringProblem(name);
};
