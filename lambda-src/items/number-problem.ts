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

/**
 * Tells the sender of a JSON text that one of its numbers would not come back as it was sent. `undefined` if
 * they all would. Only the value counts: `1.50` may come back as `1.5`, `1e2` as `100`, and `-0` as `0`.
 *
 * @param json valid JSON, because a parsed number no longer shows what was sent
 */
export const numberProblem = (json: string): string | undefined => {
  const tokens = /"|-?\d[\d.eE+-]*/g;
  for (let match = tokens.exec(json); match !== null; match = tokens.exec(json)) {
    const [token] = match;
    if (token === '"') tokens.lastIndex = endOfString(json, match.index);
    else if (!comesBack(token)) {
      return `The number at position ${match.index} of the body cannot be stored exactly. Send it as a string, or send 0 or ${JSON_MIN_NUMBER} to ${JSON_MAX_NUMBER}, of either sign, with at most 15 significant digits.`;
    }
  }
  return undefined;
};

/**
 * The index after a string. It is skipped as a whole, so that digits inside it are not read as a number. A pattern for a
 * whole string keeps an entry for every escape, and fails with a RangeError on four million.
 *
 * @param start the index of the string's first quote
 */
const endOfString = (json: string, start: number): number => {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end + 1;
};

/** Whether an odd number of backslashes precedes a character. */
const isEscaped = (json: string, index: number): boolean => {
  let first = index;
  while (json[first - 1] === "\\") first -= 1;
  return (index - first) % 2 === 1;
};

/** Doubles keep all numbers of up to 15 digits. Without an exponent, the check can be quick, for long lists. */
const SHORT = /^[-\d.]{1,15}$/;

const comesBack = (token: string): boolean => {
  if (SHORT.test(token)) return true;
  const size = Math.abs(Number(token));
  const isInRange = size === 0 || (size >= JSON_MIN_NUMBER && size <= JSON_MAX_NUMBER);
  return isInRange && decimal(token) === decimal(`${size}`);
};

/** A number's size, written in one way only: its significant digits, and the power of ten of the last one. */
const decimal = (number: string): string => {
  const [mantissa = "", exponent = "0"] = number.replace(/^-/, "").toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  // Not /0+$/, which takes hours if there are a million zeros before the last digit.
  let end = digits.length;
  while (digits[end - 1] === "0") end -= 1;
  return end === 0
    ? "0"
    : `${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
};
