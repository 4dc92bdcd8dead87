import * as z from "zod/mini";
import type { Operation } from "./operation";

/**
 * The keywords that a model can use. API Gateway's models are JSON schema draft 4, minus what its developer
 * guide excludes ("Amazon API Gateway important notes"): additionalProperties, anyOf, oneOf, discriminator,
 * example, exclusiveMinimum and readOnly are not supported; minItems and maxItems are not validated.
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

/** Copied unchanged. Nested schemas are converted in turn, and a pattern is kept only if it is portable. */
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
 * The model that API Gateway validates an operation's body against, or `undefined` if the operation has no body. It
 * never rejects a body that the handler would accept. Rules that a model cannot express are enforced by the handler
 * alone.
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

/**
 * AWS does not document API Gateway's regular expression engine. Lookarounds, Unicode properties and hexadecimal
 * escapes may mean something else, or nothing, to it.
 */
const isPortable = (pattern: string): boolean => !/\(\?(?!:)|\\[pPux]/.test(pattern);
