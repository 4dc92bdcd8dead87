import type { Item } from "./item";

/** Largest item, in bytes: 400 KB with all names and values (DynamoDB developer guide, "Constraints"). */
export const ITEM_MAX_BYTES = 400 * 1024;

/**
 * An item's size in bytes by the rules of the DynamoDB developer guide, "DynamoDB item sizes and formats".
 * Numbers are approximate there, so an item within some bytes of the limit is left to the table to judge.
 */
export const itemSizeBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

const valueBytes = (value: unknown): number => {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return numberBytes(value);
  if (typeof value !== "object" || value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum, child) => sum + 1 + valueBytes(child), 3);
  return Object.entries(value).reduce(
    (sum, [name, child]) => sum + 1 + Buffer.byteLength(name) + valueBytes(child),
    3,
  );
};

/** One byte, and one for each two significant digits: leading and trailing zeros are not kept. */
const numberBytes = (value: number): number => {
  const digits = value
    .toExponential()
    .replace(/e.*$/, "")
    .replace(/[^0-9]/g, "");
  return 1 + Math.ceil(digits.length / 2);
};
