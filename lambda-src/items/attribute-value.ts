/** A value as DynamoDB sends it. Binary values are bytes in the SDK, and base64 in a stream record. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/**
 * Converts a JSON value. Every object becomes a map, whatever its property names: `constructor` is a name
 * like any other.
 */
export const toAttribute = (value: unknown): AttributeValue => {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (typeof value === "object" && value !== null) return { M: toAttributes(value) };
  return { NULL: true };
};

export const toAttributes = (object: object): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, toAttribute(value)]));

/**
 * Converts an attribute to a JSON value. Types that JSON lacks, which this service never writes, become the
 * nearest JSON value: a set becomes an array, binary becomes base64, a number beyond 2^53 is rounded.
 *
 * @throws TypeError if it is not an attribute value
 */
export const fromAttribute = (attribute: unknown): unknown => {
  const entries = Object.entries((attribute ?? {}) as AttributeValue);
  const [[type, value] = ["none"]] = entries;
  const read = Object.hasOwn(readers, type) ? readers[type as keyof typeof readers] : undefined;
  if (entries.length !== 1 || read === undefined) throw new TypeError("not a DynamoDB attribute value");
  return read(value);
};

/** @throws TypeError if one of them is not an attribute value */
export const fromAttributes = (attributes: AttributeValue): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, fromAttribute(value)]));

const text = (value: unknown): string => {
  if (typeof value !== "string") throw new TypeError("not a DynamoDB attribute value");
  return value;
};

const number = (value: unknown): number => {
  const parsed = Number(text(value));
  if (!Number.isFinite(parsed)) throw new TypeError("not a DynamoDB number");
  return parsed;
};

const binary = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : text(value);

const list =
  <T>(read: (value: unknown) => T) =>
  (value: unknown): T[] => {
    if (!Array.isArray(value)) throw new TypeError("not a DynamoDB attribute value");
    return value.map(read);
  };

const map = (value: unknown): Record<string, unknown> => {
  if (typeof value !== "object" || value === null) throw new TypeError("not a DynamoDB attribute value");
  return fromAttributes(value as AttributeValue);
};

const readers = {
  S: text,
  N: number,
  BOOL: (value: unknown) => value === true,
  NULL: () => null,
  L: list(fromAttribute),
  M: map,
  B: binary,
  SS: list(text),
  NS: list(number),
  BS: list(binary),
};
