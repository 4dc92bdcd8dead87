import { streamFilterPattern } from "../../../../../lambda-src/stream/stream-filter";
import { matchesPattern } from "../../../../../packages/laptop/gaps/stream-mapping/filter-pattern";

describe("matchesPattern", () => {
  it.each<[object, unknown, boolean]>([
    [{ a: ["x"] }, { a: "x", b: 1 }, true],
    [{ a: ["x", "y"] }, { a: "z" }, false],
    [{ a: [null] }, { a: null }, true],
    [{ a: ["x"] }, {}, false],
    [{ a: { b: ["x"] } }, { a: { b: "x" } }, true],
    [{ a: { b: ["x"] } }, { a: "x" }, false],
    [{ a: ["x"] }, { a: ["w", "x"] }, true],
    [{ a: ["x"], b: ["y"] }, { a: "x", b: "z" }, false],
    [{ $or: [{ a: ["x"] }, { b: ["y"] }] }, { b: "y" }, true],
    [{ $or: [{ a: ["x"] }, { b: ["y"] }] }, { b: "z" }, false],
    [{ a: [{ exists: true }] }, { a: 0 }, true],
    [{ a: [{ exists: false }] }, { a: 0 }, false],
    [{ a: [{ exists: false }] }, {}, true],
    [{ a: [{ prefix: "x" }] }, { a: "xy" }, true],
    [{ a: [{ prefix: "y" }] }, { a: "xy" }, false],
    [{ a: [{ suffix: "y" }] }, { a: "xy" }, true],
    [{ a: [{ suffix: "x" }] }, { a: 1 }, false],
    [{ a: [{ "equals-ignore-case": "X" }] }, { a: "x" }, true],
    [{ a: [{ "anything-but": ["x"] }] }, { a: "y" }, true],
    [{ a: [{ "anything-but": ["x"] }] }, { a: "x" }, false],
    [{ a: [{ "anything-but": "x" }] }, {}, false],
    [{ a: [{ "anything-but": { prefix: "x" } }] }, { a: "xy" }, false],
    [{ a: [{ numeric: [">", 1, "<=", 3] }] }, { a: 3 }, true],
    [{ a: [{ numeric: [">=", 1, "<", 3] }] }, { a: 3 }, false],
    [{ a: [{ numeric: ["=", 3] }] }, { a: "3" }, false],
    [{ a: { b: [{ exists: false }] } }, {}, true],
    [{ a: { b: [{ exists: true }] } }, {}, false],
    [{ a: { b: [{ "anything-but": "x" }] } }, {}, false],
    [{ a: { b: ["x"] } }, { a: [{ b: "w" }, { b: "x" }] }, true],
    [{ constructor: [{ exists: true }] }, {}, false],
  ])("%j and %j: %j", (pattern, value, expected) => {
    expect(matchesPattern(pattern, value)).toBe(expected);
  });

  it("names an unsupported comparison", () => {
    expect(() => matchesPattern({ a: [{ wildcard: "x*" }] }, { a: "x" })).toThrow(
      'the filter comparison "wildcard" is not supported on a laptop',
    );
  });

  it("rejects idempotency records by the service's own filter", () => {
    const of = (N: string) => ({ dynamodb: { Keys: { timestamp: { N } } } });

    expect(["-1", "0", "1"].map((timestamp) => matchesPattern(streamFilterPattern, of(timestamp)))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
