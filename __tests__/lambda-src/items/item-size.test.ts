import { itemSizeBytes } from "../../../lambda-src/items/item-size";

describe("an item's size", () => {
  const KEYS_AND_NAMES =
    "id".length + "a".length + "timestamp".length + 2 + "data".length + "etag".length + 22;
  const size = (data: Record<string, unknown>) => itemSizeBytes({ id: "a", timestamp: 1, data });

  it.each<[string, Record<string, unknown>, number]>([
    ["no data", {}, 3],
    ["text, in bytes of UTF-8", { é: "€" }, 3 + 1 + 2 + 3],
    ["true, false and null", { t: true, f: false, n: null }, 3 + 3 * (1 + 1 + 1)],
    ["a list", { l: ["x", "y"] }, 3 + 1 + 1 + 3 + 2 * (1 + 1)],
    ["a map", { m: { x: "y" } }, 3 + 1 + 1 + 3 + (1 + 1 + 1)],
    ["a number of five digits", { n: -123.45 }, 3 + 1 + 1 + 1 + 3],
    ["a number with trailing zeros", { n: 1_000_000 }, 3 + 1 + 1 + 1 + 1],
    ["a number with a long exponent", { n: 1e-100 }, 3 + 1 + 1 + 1 + 1],
  ])("counts %s", (_, data, expected) => {
    expect(size(data)).toBe(KEYS_AND_NAMES + expected);
  });
});
