import * as z from "zod/mini";
import type { Operation, Parameter, Success } from "../../lambda-src/api/operation";
import { operations } from "../../lambda-src/api/operations";
import { type ProblemFacts, problemsByKind } from "../../lambda-src/api/problems";
import { itemData } from "../../lambda-src/items/item";
import { jsonObject, jsonSchemas } from "./json-schemas";

type Json = Record<string, unknown>;

/** The API as an OpenAPI 3.1 document, generated from the table of operations. */
export const openApiDocument = (): Json => {
  const schemas: Json = { Problem: problem, GatewayProblem: gatewayProblem, ...jsonSchemas };
  const paths: Record<string, Json> = {};
  for (const [operationId, operation] of Object.entries<Operation>(operations)) {
    const [method = "", path = ""] = operation.route.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operationId, operation, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Items API",
      version: "1.0.0",
      description:
        "Each id has a history of items, told apart by their timestamps. Sign requests with AWS Signature Version 4 for the service execute-api. Every problem, including those from API Gateway itself, is returned as RFC 9457 problem+json with the request's id. Two responses can have API Gateway's own format, because they can come before the API is known: 413 for a body over 10 MB, and 415 for a body that cannot be decompressed. A path may end with a slash.",
    },
    security: [{ sigv4: [] }],
    paths,
    components: {
      securitySchemes: {
        sigv4: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          description: "AWS Signature Version 4, service execute-api.",
        },
      },
      headers: {
        RetryAfter: { description: "Seconds to wait before retrying.", schema: { type: "integer" } },
      },
      responses: {
        GatewayProblem: {
          description:
            "Returned by API Gateway instead of the function: 400 from its validators, 403 without a valid signature or permission and for a method that the path does not have, 413 for a body over 6 MB, 429 when throttled, 500 if Lambda refuses the invocation, 502 if the function crashes or runs out of time, 503 if API Gateway is unavailable, 504 after 29 seconds.",
          content: gatewayProblemContent,
        },
      },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
};

const describe = (operationId: string, operation: Operation, schemas: Json): Json => {
  const { summary, description, parameters, requestBody, successes } = operation;
  if (requestBody) schemas[requestBody.name] = jsonSchema(requestBody.schema, "input");
  return {
    operationId,
    summary,
    description,
    ...(Object.keys(parameters).length === 0
      ? {}
      : {
          parameters: Object.entries(parameters).map(([name, parameter]) => parameterObject(name, parameter)),
        }),
    ...(requestBody
      ? {
          requestBody: {
            description: `${requestBody.description} Content-Encoding can be gzip or deflate.`,
            required: true,
            content: { "application/json": { schema: reference(requestBody.name) } },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(successes).map(([status, success]) => [status, successObject(success, schemas)]),
      ),
      ...problemObjects(operation),
      default: { $ref: "#/components/responses/GatewayProblem" },
    },
  };
};

const parameterObject = (name: string, { in: place, required, description, schema }: Parameter): Json => ({
  name,
  in: place,
  required: place === "path" || required === true || required === "in-handler",
  description,
  schema: jsonSchema(schema, "input"),
});

const successObject = (
  { description, body, headers = {}, optionalHeaders = {} }: Success,
  schemas: Json,
): Json => {
  if (body) schemas[body.name] = jsonSchema(body.schema, "output");
  const all = { ...headers, ...optionalHeaders };
  return {
    description,
    ...(Object.keys(all).length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(all).map(([name, meaning]) => [
              name,
              {
                description: meaning,
                ...(name in headers ? { required: true } : {}),
                schema: headerSchemas[name] ?? { type: "string" },
              },
            ]),
          ),
        }),
    ...(body ? { content: { "application/json": { schema: reference(body.name) } } } : {}),
  };
};

const headerSchemas: Readonly<Record<string, Json>> = {
  location: { type: "string", format: "uri-reference" },
  "idempotent-replayed": { type: "string", enum: ["true"] },
};

/** When API Gateway itself returns a status that the function also returns, by status. */
const gatewayRefusals = ({ requestBody, parameters }: Operation): Readonly<Record<number, string>> => ({
  ...(requestBody || Object.values(parameters).some(({ required }) => required === true)
    ? { 400: "API Gateway rejects the request first" }
    : {}),
  ...(requestBody && {
    413: "the body is over 6 MB",
    415: "API Gateway cannot decompress the body",
  }),
  503: "API Gateway is unavailable",
});

/** One response per status, which lists the kinds of problem with this status. */
const problemObjects = (operation: Operation): Json => {
  const kinds = operation.problems;
  const refusals = gatewayRefusals(operation);
  const statuses = [...new Set(kinds.map((kind) => problemsByKind[kind].status))];
  const expected = statuses.map((status) => {
    const kindsOfStatus = kinds.filter((kind) => problemsByKind[kind].status === status);
    const facts: ProblemFacts[] = kindsOfStatus.map((kind) => problemsByKind[kind]);
    const retry = facts.some(({ retryAfterSeconds }) => retryAfterSeconds !== undefined);
    return [
      status,
      {
        description: [
          anyOf(facts.map(({ title }) => title)),
          ...(refusals[status] ? [`\`about:blank\` if ${refusals[status]}.`] : []),
        ].join(" "),
        ...(retry ? { headers: { "retry-after": { $ref: "#/components/headers/RetryAfter" } } } : {}),
        content: problemContent(
          kindsOfStatus.map((kind) => `urn:problem-type:${kind}`),
          refusals[status] !== undefined,
        ),
      },
    ];
  });
  return {
    ...Object.fromEntries(expected),
    500: {
      description: "An unexpected error, or Lambda refused the invocation.",
      content: gatewayProblemContent,
    },
  };
};

/** Joins titles into one sentence: "The item is not valid, or a request parameter is not valid." */
const anyOf = ([first = "", ...others]: readonly string[]): string => {
  const rest = others.map((title) => title.charAt(0).toLowerCase() + title.slice(1));
  return `${[first, ...rest].join(", or ")}.`;
};

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const problemContent = (types: readonly string[], alsoFromGateway: boolean) => {
  const schema = { allOf: [reference("Problem"), { properties: { type: { enum: types } } }] };
  return {
    "application/problem+json": {
      schema: alsoFromGateway ? { anyOf: [schema, reference("GatewayProblem")] } : schema,
    },
  };
};

const gatewayProblemContent = { "application/problem+json": { schema: reference("GatewayProblem") } };

const problem = {
  type: "object",
  description: "Problem details (RFC 9457).",
  required: ["type", "title", "status", "detail", "requestId"],
  properties: {
    type: { type: "string", description: "The kind of problem, for programs." },
    title: { type: "string", description: "What went wrong, the same for every occurrence." },
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: { type: "string", description: "What to change, for people." },
    requestId: { type: "string", description: "The request's id. Quote it when you report a problem." },
  },
  additionalProperties: false,
};

/** Also what the function returns for an unexpected error. */
const gatewayProblem = {
  ...problem,
  description:
    "A problem without a kind of its own. API Gateway leaves out title and status if one of its responses covers several statuses.",
  required: ["type", "detail", "requestId"],
  properties: { ...problem.properties, type: { type: "string", enum: ["about:blank"] } },
};

/**
 * Leaves out `$schema`, which is OpenAPI 3.1's default. What a client sends as an item's data has a schema of its own; what
 * it gets is any JSON object, because other programs can write rows too.
 */
const jsonSchema = (schema: z.ZodMiniType, io: "input" | "output"): Json => {
  const { $schema: _, ...converted } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io,
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.pattern !== undefined) jsonSchema.not = noLineBreak;
      if ((zodSchema as unknown) !== itemData) return;
      for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword];
      Object.assign(jsonSchema, io === "input" ? jsonObject : { type: "object" });
    },
  });
  return converted;
};

/** In Python, `$` also matches before a line feed at the end. No pattern of this API allows one. */
const noLineBreak = { pattern: "\\n" };
