import type { Item } from "./item";
import { ItemTooLargeError } from "./item-errors";

/**
 * Largest item, in bytes: 400 KB, including all names and values (DynamoDB developer guide, "Constraints").
 */
export const ITEM_MAX_BYTES = 400 * 1024;

/**
 * An item's size in bytes, by the rules in the DynamoDB developer guide ("DynamoDB item sizes and formats").
 * The size of numbers is approximate there, so the table itself decides on items within a few bytes of the
 * limit.
 */
export const itemSizeBytes = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    ETAG_BYTES,
  );

/** The version is stored with the item: the attribute's name, and 128 bits as text. */
const ETAG_BYTES = "etag".length + 22;

/** @throws ItemTooLargeError if the item is too large for the table */
export const requireSize = (item: Item): void => {
  if (itemSizeBytes(item) > ITEM_MAX_BYTES) {
    throw new ItemTooLargeError(`Make the item smaller: at most ${ITEM_MAX_BYTES} bytes, including names.`);
  }
};

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

/** One byte, plus one for every two significant digits. Leading and trailing zeros are not stored. */
const numberBytes = (value: number): number => {
  const digits = value
    .toExponential()
    .replace(/e.*$/, "")
    .replace(/[^0-9]/g, "");
  return 1 + Math.ceil(digits.length / 2);
};
