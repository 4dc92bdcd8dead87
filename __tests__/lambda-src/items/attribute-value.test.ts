import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import fc from "fast-check";
import {
  type AttributeValue,
  fromAttribute,
  fromAttributes,
  toAttributes,
} from "../../../lambda-src/items/attribute-value";

const name = fc.string({ minLength: 1 }).filter((text) => !["__proto__", "constructor"].includes(text));

describe("an attribute value", () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.double({ min: -9e15, max: 9e15, noNaN: true }),
      fc.string({ unit: "grapheme" }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const json = fc.dictionary(name, value, { noNullPrototype: true });

  it("matches the SDK's own conversion of JSON in both directions", () => {
    fc.assert(
      fc.property(json, (object) => {
        const attributes = toAttributes(object);

        expect(attributes).toEqual(marshall(object));
        expect(fromAttributes(attributes)).toEqual(unmarshall(attributes as never));
      }),
      { numRuns: 500 },
    );
  });

  it("is a map for every object, even one with a property named constructor, which the SDK takes for a class", () => {
    const value = { constructor: { name: "Set" }, toString: 1, M: { S: "x" } };

    expect(fromAttributes(toAttributes(value))).toEqual(value);
  });

  it("keeps __proto__ as an ordinary name", () => {
    const read = fromAttribute(JSON.parse('{"M":{"__proto__":{"M":{"polluted":{"BOOL":true}}}}}')) as object;

    expect(Object.keys(read)).toEqual(["__proto__"]);
    expect({}).not.toHaveProperty("polluted");
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it.each<[AttributeValue, unknown]>([
    [{ SS: ["a", "b"] }, ["a", "b"]],
    [{ NS: ["1", "2.5"] }, [1, 2.5]],
    [{ BS: ["AQI="] }, ["AQI="]],
    [{ B: "AQI=" }, "AQI="],
    [{ B: Uint8Array.of(1, 2) }, "AQI="],
    [{ N: "12345678901234567890" }, 12345678901234567000],
    [{ BOOL: false }, false],
    [{ NULL: true }, null],
  ])("%j becomes the nearest JSON value", (attribute, expected) => {
    expect(fromAttribute(attribute)).toEqual(expected);
  });

  it.each<unknown>([
    undefined,
    null,
    "a",
    [],
    {},
    { X: "a" },
    { toString: "a" },
    { S: "a", N: "1" },
    { S: 1 },
    { N: 1 },
    { N: "one" },
    { N: "1e999" },
    { L: "a" },
    { L: [1] },
    { M: null },
    { M: "" },
    { M: 1 },
    { M: { a: { S: null } } },
    { B: 1 },
    { SS: [1] },
    { NS: ["x"] },
  ])("is refused if it is not one: %j", (attribute) => {
    expect(() => fromAttribute(attribute)).toThrow(/^not a DynamoDB (?:attribute value|number)$/);
  });
});
