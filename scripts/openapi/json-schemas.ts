import { JSON_MAX_DEPTH, JSON_MAX_NAME_BYTES } from "../../lambda-src/items/json-problem";
import { JSON_MAX_NUMBER, JSON_MIN_NUMBER } from "../../lambda-src/items/number-problem";

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The JSON that the table can store unchanged, as far as a schema can express jsonProblem's rules. */
export const jsonSchemas = {
  JsonObject: {
    type: "object",
    description: `A JSON object. At most ${JSON_MAX_DEPTH - 1} levels of objects and arrays, counting this one. A name must not be empty or \`__proto__\`, and has at most ${JSON_MAX_NAME_BYTES} bytes.`,
    propertyNames: { minLength: 1, maxLength: JSON_MAX_NAME_BYTES, not: { const: "__proto__" } },
    additionalProperties: reference("JsonValue"),
  },
  JsonValue: {
    description:
      "A JSON value. Strings contain no lone surrogates. A number is 0 or in the range below, and is written with no more digits than a double keeps.",
    anyOf: [
      { type: "null" },
      { type: "boolean" },
      { type: "string" },
      {
        type: "number",
        anyOf: [
          { const: 0 },
          { minimum: JSON_MIN_NUMBER, maximum: JSON_MAX_NUMBER },
          { minimum: -JSON_MAX_NUMBER, maximum: -JSON_MIN_NUMBER },
        ],
      },
      { type: "array", items: reference("JsonValue") },
      reference("JsonObject"),
    ],
  },
} as const;

export const jsonObject = reference("JsonObject");
