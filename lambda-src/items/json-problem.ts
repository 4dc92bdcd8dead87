/**
 * Deepest nesting of objects and arrays in a request body, counting the body itself. DynamoDB stores 32
 * levels (developer guide, "Constraints": nested attribute depth), and counts the scalar at the bottom as
 * one: tests showed that it takes 31 maps around a scalar and refuses 32. The body around `data` becomes the
 * row itself.
 */
export const JSON_MAX_DEPTH = 32;

/** Longest property name, in bytes of UTF-8: DynamoDB's limit for an attribute name. */
export const JSON_MAX_NAME_BYTES = 65_535;

/** Half of a surrogate pair, which is not a character. */
export const LONE_SURROGATE = /\p{Cs}/u;

/**
 * Tells the sender of a parsed JSON value why the table cannot store it unchanged. `undefined` if it can. Its
 * numbers are checked before they are parsed, in number-problem.ts.
 */
export const jsonProblem = (value: unknown, depth = 1): string | undefined => {
  if (typeof value === "string") return stringProblem(value);
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

const nameProblem = (name: string): string | undefined => {
  if (name === "__proto__") return "The body contains a property named __proto__. Rename it.";
  if (name === "") return "The body contains a property with an empty name. Give it a name.";
  if (Buffer.byteLength(name) > JSON_MAX_NAME_BYTES) {
    return `The body contains a property name of more than ${JSON_MAX_NAME_BYTES} bytes. Shorten it.`;
  }
  return stringProblem(name);
};
