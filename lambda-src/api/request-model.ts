import * as z from "zod/mini";
import type { Operation } from "./operation";

/**
 * What a model may say. API Gateway's models are JSON schema draft 4, without what its developer guide ("Amazon
 * API Gateway important notes") excludes: additionalProperties, anyOf, oneOf, discriminator, example,
 * exclusiveMinimum and readOnly are not supported, minItems and maxItems are not validated.
 */
export interface RequestModel {
  readonly $schema?: "http://json-schema.org/draft-04/schema#";
  readonly title?: string;
  readonly type?: "array" | "boolean" | "integer" | "null" | "number" | "object" | "string";
  readonly properties?: Readonly<Record<string, RequestModel>>;
  readonly required?: readonly string[];
  readonly items?: RequestModel;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** Kept as they are. What is nested is walked through, and a pattern is judged. */
const keptKeywords = [
  "type",
  "required",
  "enum",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
] as const satisfies readonly (keyof RequestModel)[];

/**
 * The model by which API Gateway validates an operation's body, or `undefined` where it has none. It refuses
 * nothing that the handler would take; what it cannot express, the handler enforces alone.
 */
export const requestModel = ({ requestBody }: Operation): RequestModel | undefined =>
  requestBody === undefined
    ? undefined
    : {
        $schema: "http://json-schema.org/draft-04/schema#",
        title: requestBody.name,
        ...allowed(z.toJSONSchema(requestBody.schema, { target: "draft-4", io: "input" })),
      };

type JsonSchema = Readonly<Record<string, unknown>>;

const allowed = (schema: JsonSchema): RequestModel => {
  const kept = keptKeywords
    .filter((keyword) => keyword in schema)
    .map((keyword) => [keyword, schema[keyword]]);
  const { properties, items, pattern } = schema as {
    properties?: object;
    items?: JsonSchema;
    pattern?: string;
  };
  return {
    ...Object.fromEntries(kept),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, allowed(property)]),
          ),
        }),
    ...(items === undefined ? {} : { items: allowed(items) }),
    ...(pattern !== undefined && isPortable(pattern) ? { pattern } : {}),
  };
};

/** Lookarounds and Unicode properties mean different things, or nothing, in the gateway's engine of expressions. */
const isPortable = (pattern: string): boolean => !/\(\?(?!:)|\\[pPu]/.test(pattern);
