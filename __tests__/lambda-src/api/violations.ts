import { readFileSync } from "node:fs";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import type { ApiResponse } from "../../../lambda-src/api/api-response";
import { type OperationId, operations } from "../../../lambda-src/api/operations";

const document = JSON.parse(readFileSync("docs/openapi.json", "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(document, "openapi.json");
const validators = new Map<string, ValidateFunction>();

/** Headers that every answer can have without its operation listing them. */
const common = ["content-type", "cache-control", "x-content-type-options"];

/** Where a response differs from docs/openapi.json. An empty list means that it conforms. */
export const violations = (id: OperationId, { statusCode, headers, body }: ApiResponse): string[] => {
  const [method = "", path = ""] = operations[id].route.split(" ");
  const response = document.paths[path][method.toLowerCase()].responses[statusCode];
  if (response === undefined) return [`${statusCode} is not documented`];
  const allowed = [...common, ...Object.keys(response.headers ?? {})];
  const extra = Object.keys(headers).filter((name) => !allowed.includes(name));
  const missing = Object.entries<{ readonly required?: boolean }>(response.headers ?? {})
    .filter(([name, { required = false }]) => required && !(name in headers))
    .map(([name]) => name);
  const wrong = [
    ...extra.map((name) => `header ${name} is not documented`),
    ...missing.map((name) => `header ${name} is missing`),
  ];
  if (response.content === undefined) return body === "" ? wrong : [...wrong, "has a body"];
  const type = headers["content-type"] ?? "none";
  if (!(type in response.content)) return [...wrong, `content type ${type} is not documented`];
  const validate = validator([
    "paths",
    path,
    method.toLowerCase(),
    "responses",
    `${statusCode}`,
    "content",
    type,
    "schema",
  ]);
  return validate(JSON.parse(body)) ? wrong : [...wrong, ajv.errorsText(validate.errors)];
};

const validator = (keys: readonly string[]): ValidateFunction => {
  const pointer = keys
    .map((key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1")))
    .join("/");
  const known = validators.get(pointer) ?? ajv.compile({ $ref: `openapi.json#/${pointer}` });
  validators.set(pointer, known);
  return known;
};
