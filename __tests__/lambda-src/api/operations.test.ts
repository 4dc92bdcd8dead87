import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020";
import * as z from "zod/mini";
import { gatewayParameters } from "../../../lambda-src/api/gateway-parameters";
import type { Operation } from "../../../lambda-src/api/operation";
import { type OperationId, operations } from "../../../lambda-src/api/operations";
import { problemsByKind } from "../../../lambda-src/api/problems";
import { readParameters } from "../../../lambda-src/api/read-parameters";
import { type RequestModel, requestModel } from "../../../lambda-src/api/request-model";
import { apiDocuments } from "../../../scripts/openapi/api-documents";
import { openApiDocument } from "../../../scripts/openapi/openapi-document";
import { Api, type Call, json, outcome, requestOf } from "./api";
import { violations } from "./violations";

interface DocumentedOperation {
  readonly operationId: OperationId;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: object;
  readonly responses: Readonly<
    Record<string, { readonly content?: object; readonly headers?: Readonly<Record<string, unknown>> }>
  >;
}

const document = openApiDocument() as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
};

const table = Object.entries<Operation>(operations) as [OperationId, Operation][];

/** By `GET /items/{id}`. */
const documented = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  ),
);

describe("the table of operations", () => {
  it("has every route once, and the document has the same ones", () => {
    const routes = table.map(([, { route }]) => route);

    expect(new Set(routes).size).toBe(routes.length);
    expect([...documented.keys()].sort()).toEqual([...routes].sort());
  });

  it.each(table)("agrees with handler, gateway and document on %s", async (id, operation) => {
    const inDocument = documented.get(operation.route);
    const parameters = inDocument?.parameters ?? [];
    const places: Record<string, string> = { path: "path", query: "querystring", header: "header" };

    const [method = "", path = ""] = operation.route.split(" ");
    const handled = await new Api().ask(id, { changes: { httpMethod: method, resource: path } });

    expect(outcome(handled)).not.toBe("404 route-not-found");
    expect(inDocument?.operationId).toBe(id);
    expect(gatewayParameters(operation)).toEqual(
      Object.fromEntries(
        parameters.map(({ name, in: place, required }) => [
          `method.request.${places[place]}.${name}`,
          required && operation.parameters[name]?.required !== "in-handler",
        ]),
      ),
    );
    expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(
      parameters.filter(({ in: place }) => place === "path").map(({ name }) => name),
    );
    expect(requestModel(operation) === undefined).toBe(inDocument?.requestBody === undefined);
  });

  it("requires a required parameter at the gateway and in the handler, also outside the path", () => {
    const schema = operations.listItems.parameters.limit.schema;
    const operation: Operation = {
      ...operations.getHealth,
      parameters: { limit: { in: "query", required: true, schema, description: "" } },
    };

    expect(gatewayParameters(operation)).toEqual({ "method.request.querystring.limit": true });
    expect(() => readParameters(operation.parameters, requestOf("getHealth", {}))).toThrow(
      "Fix the following: limit must be an integer from 1 to 100 (in the query).",
    );
  });

  it.each(table)(
    "requires of %s exactly the parameters without which every request is refused",
    async (id) => {
      const path = { id: "a", timestamp: "5" };
      const whole: Call = {
        path,
        headers: { "If-Match": "*" },
        body: id === "createItem" ? { id: "a", data: {} } : { data: {} },
      };
      const without = (name: string): Call => ({
        ...whole,
        path: Object.fromEntries(Object.entries(path).filter(([key]) => key !== name)),
        headers: name === "If-Match" ? {} : (whole.headers ?? {}),
      });

      const required = documented
        .get(operations[id].route)
        ?.parameters?.filter((parameter) => parameter.required)
        .map(({ name }) => name);
      const refused: string[] = [];
      for (const name of Object.keys(operations[id].parameters)) {
        const { statusCode } = await new Api().ask(id, without(name));
        if ([400, 428].includes(statusCode)) refused.push(name);
      }

      expect(required ?? []).toEqual(refused);
    },
  );

  it("loads without an AWS client, so that a stack can be built from it", () => {
    jest.isolateModules(() => {
      jest.doMock("@aws-sdk/client-dynamodb", () => {
        throw new Error("loaded the AWS SDK");
      });
      expect(() => require("../../../lambda-src/api/operations")).not.toThrow();
      expect(() => require("../../../lambda-src/api/request-model")).not.toThrow();
      expect(() => require("../../../lambda-src/api/gateway-parameters")).not.toThrow();
      expect(() => require("../../../lambda-src/items/idempotency-record")).not.toThrow();
      expect(() => require("../../../lambda-src/api/create-item")).not.toThrow();
      expect(() => require("../../../lambda-src/items/item-repository")).toThrow("loaded the AWS SDK");
      jest.dontMock("@aws-sdk/client-dynamodb");
    });
  });
});

describe("the documents generated from the table", () => {
  const read = (path: string) => readFileSync(path, "utf8");

  it.each(["docs/openapi.json", "docs/api.md"])("%s is up to date (npm run openapi)", (file) => {
    expect(read(file)).toBe(apiDocuments(read)[file]);
  });

  it("contain no extensions for API Gateway", () => {
    expect(read("docs/openapi.json")).not.toContain("x-amazon");
  });
});

describe("a model at the gateway", () => {
  const withBody = table.filter(([, { requestBody }]) => requestBody !== undefined);

  /** Draft 4's keywords, minus those that AWS's "Important notes" exclude. */
  const documentedKeywords = ["$schema", "title", "type", "properties", "required", "items", "enum"].concat([
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
  ]);

  const keywords = (model: RequestModel): string[] => [
    ...Object.keys(model),
    ...Object.values(model.properties ?? {}).flatMap(keywords),
    ...(model.items ? keywords(model.items) : []),
  ];

  it.each(withBody)("for %s has only keywords that AWS documents as supported", (_, operation) => {
    const model = requestModel(operation) as RequestModel;

    expect(documentedKeywords).toEqual(expect.arrayContaining(keywords(model)));
    expect(model.title).toMatch(/^[A-Za-z0-9]+$/);
    expect(JSON.stringify(model)).not.toMatch(/\\\\p|\(\?|\*\//);
  });

  it("for createItem is exactly this", () => {
    expect(requestModel(operations.createItem)).toEqual({
      $schema: "http://json-schema.org/draft-04/schema#",
      title: "ItemDraft",
      type: "object",
      required: ["id", "data"],
      properties: {
        id: { type: "string", maxLength: 256 },
        timestamp: { type: "integer", minimum: 0, maximum: 8.64e15 },
        data: { type: "object" },
      },
    });
  });

  it.each([
    [/^(?:a|b)$/, "^(?:a|b)$"],
    [/^(?=a)/, undefined],
    [/^(?!a)/, undefined],
    [/^(?<name>a)/, undefined],
    [/^\p{L}$/u, undefined],
    [/^\P{L}$/u, undefined],
  ])("keeps the pattern %s only if API Gateway reads it the same way", (pattern, kept) => {
    const schema = z.object({ text: z.string().check(z.regex(pattern)) });

    const model = requestModel({
      ...operations.createItem,
      requestBody: { name: "Text", description: "", schema },
    });

    expect(model?.properties?.text).toEqual({ type: "string", ...(kept && { pattern: kept }) });
  });

  it("keeps a portable pattern and the schema of an array's items", () => {
    const { cursor } = operations.listItems.parameters;
    const operation: Operation = {
      ...operations.createItem,
      requestBody: { name: "Page", description: "", schema: operations.listItems.successes[200].body.schema },
    };

    expect(requestModel(operation)?.properties).toMatchObject({
      items: { type: "array", items: { type: "object", required: ["id", "timestamp", "data"] } },
      nextCursor: { type: "string", pattern: expect.stringContaining("A-Za-z0-9_-") },
    });
    expect(cursor.in).toBe("query");
  });

  const ajv = new Ajv2020({ strict: false });
  const gatewayTakes = (id: OperationId, body: unknown): boolean => {
    const { $schema: _, ...schema } = requestModel(operations[id]) ?? {};
    return ajv.validate(schema, body) === true;
  };

  const path = { id: "a", timestamp: "1" };
  const deep = JSON.parse(`${'{"x":'.repeat(40)}1${"}".repeat(40)}`);

  it.each<[OperationId, string, unknown, "both" | "handler"]>([
    ["createItem", "no id", { data: {} }, "both"],
    ["createItem", "no data", { id: "a" }, "both"],
    ["createItem", "an array", [], "both"],
    ["createItem", "an id that is a number", { id: 1, data: {} }, "both"],
    ["createItem", "an id of 257 characters", { id: "a".repeat(257), data: {} }, "both"],
    ["createItem", "data that is an array", { id: "a", data: [] }, "both"],
    ["createItem", "a negative timestamp", { id: "a", timestamp: -1, data: {} }, "both"],
    ["createItem", "a fraction of a millisecond", { id: "a", timestamp: 0.5, data: {} }, "both"],
    ["createItem", "an empty id", { id: "", data: {} }, "handler"],
    [
      "createItem",
      "an id of 257 characters beyond the BMP",
      { id: "\u{1f600}".repeat(257), data: {} },
      "both",
    ],
    ["createItem", "a slash in the id", { id: "a/b", data: {} }, "handler"],
    ["createItem", "an id that URLs drop", { id: "..", data: {} }, "handler"],
    ["createItem", "a control character in the id", { id: "\n", data: {} }, "handler"],
    ["createItem", "an unknown property", { id: "a", data: {}, extra: 1 }, "handler"],
    ["createItem", "an empty name", { id: "a", data: { "": 1 } }, "handler"],
    ["createItem", "half a surrogate pair", { id: "a", data: { x: "\ud800" } }, "handler"],
    ["createItem", "a number beyond 2^53", { id: "a", data: { x: 2 ** 53 } }, "handler"],
    ["createItem", "40 levels", { id: "a", data: deep }, "handler"],
    ["createItem", "more than 400 KB", { id: "a", data: { x: "x".repeat(409_600) } }, "handler"],
    ["putItem", "no data", {}, "both"],
    ["putItem", "a string", "a", "both"],
    ["putItem", "an unknown property", { id: "a", data: {} }, "handler"],
  ])("refuses, for %s, %s", async (id, _, body, who) => {
    const response = await new Api().ask(id, { path, body });

    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(gatewayTakes(id, body)).toBe(who === "handler");
  });

  it.each<[OperationId, unknown]>([
    ["createItem", { id: "a", data: {} }],
    ["createItem", { id: "\u{1f600}".repeat(256), timestamp: 8.64e15, data: { x: [{ y: null }] } }],
    ["putItem", { data: { x: 1 } }],
  ])("refuses nothing that the handler accepts: %s %j", async (id, body) => {
    const response = await new Api().ask(id, { path, body });

    expect(response.statusCode).toBe(201);
    expect(gatewayTakes(id, body)).toBe(true);
  });
});

describe("the documented answers", () => {
  const path = { id: "a", timestamp: "5" };
  const item = { id: "a", timestamp: 5, data: { n: 1 } };
  const tag = '"AAAAAAAAAAAAAAAAAAAAAA"';
  const present = (api: Api) => api.ask("createItem", { body: item });
  const failing = (error: string) => async (api: Api) => {
    api.table.fault = () => ({ error });
  };
  const broken = { body: "{" };
  const text = { changes: { headers: { "content-type": "text/plain" } } };

  interface Scenario {
    readonly expected: string;
    readonly call: Call;
    readonly before?: (api: Api) => Promise<unknown>;
  }

  const unavailable = (call: Call): Scenario[] => [
    { expected: "503 table-unavailable", call, before: failing("ThrottlingException") },
    { expected: "500 about:blank", call, before: failing("AccessDeniedException") },
  ];

  const large = "x".repeat(409_600);

  const scenarios: Readonly<Record<OperationId, readonly Scenario[]>> = {
    createItem: [
      { expected: "201", call: { body: item } },
      { expected: "400 malformed-body", call: broken },
      { expected: "400 invalid-item", call: { body: {} } },
      { expected: "400 invalid-parameter", call: { body: item, headers: { "Idempotency-Key": "" } } },
      { expected: "409 item-exists", call: { body: item }, before: present },
      { expected: "413 item-too-large", call: { body: { ...item, data: { large } } } },
      { expected: "415 unsupported-media-type", call: { body: item, ...text } },
      {
        expected: "422 idempotency-key-reused",
        call: { body: { id: "a", data: {} }, headers: { "Idempotency-Key": "k" } },
        before: (api) => api.ask("createItem", { body: item, headers: { "Idempotency-Key": "k" } }),
      },
      ...unavailable({ body: item }),
    ],
    listItems: [
      { expected: "200", call: { path, query: { limit: "1" } }, before: present },
      { expected: "400 invalid-parameter", call: { path, query: { limit: "0" } } },
      { expected: "404 item-not-found", call: { path } },
      ...unavailable({ path }),
    ],
    getItem: [
      { expected: "200", call: { path }, before: present },
      { expected: "400 invalid-parameter", call: { path: { id: "a", timestamp: "x" } } },
      { expected: "404 item-not-found", call: { path } },
      ...unavailable({ path }),
    ],
    putItem: [
      { expected: "201", call: { path, body: { data: {} } } },
      { expected: "200", call: { path, body: { data: {} }, headers: { "If-Match": "*" } }, before: present },
      { expected: "400 malformed-body", call: { path, ...broken } },
      { expected: "400 invalid-item", call: { path, body: {} } },
      { expected: "400 invalid-parameter", call: { path, body: { data: {} }, headers: { "If-Match": "x" } } },
      {
        expected: "412 precondition-failed",
        call: { path, body: { data: {} }, headers: { "If-Match": tag } },
      },
      { expected: "413 item-too-large", call: { path, body: { data: { large } } } },
      { expected: "415 unsupported-media-type", call: { path, body: { data: {} }, ...text } },
      { expected: "428 precondition-required", call: { path, body: { data: {} } }, before: present },
      ...unavailable({ path, body: { data: {} } }),
    ],
    deleteItem: [
      { expected: "204", call: { path, headers: { "If-Match": "*" } }, before: present },
      { expected: "400 invalid-parameter", call: { path, headers: { "If-Match": "x" } } },
      { expected: "404 item-not-found", call: { path, headers: { "If-Match": tag } } },
      { expected: "412 precondition-failed", call: { path, headers: { "If-Match": tag } }, before: present },
      { expected: "428 precondition-required", call: { path } },
      ...unavailable({ path, headers: { "If-Match": tag } }),
    ],
    getHealth: [{ expected: "200", call: {} }, ...unavailable({})],
  };

  const everyScenario = Object.entries(scenarios).flatMap(([id, list]) =>
    list.map((scenario) => [id as OperationId, scenario.expected, scenario] as const),
  );

  it.each(everyScenario)(
    "for %s: %s can occur and is as documented",
    async (id, expected, { call, before }) => {
      const api = new Api();
      await before?.(api);

      const response = await api.ask(id, call);

      expect(outcome(response)).toBe(expected);
      expect(violations(id, response)).toEqual([]);
      if (response.statusCode >= 400) expect(json(response).detail).toMatch(/^[A-Z].{10,}\.$/);
    },
  );

  it.each(table)("for %s are all tested above, and no others", (id, { successes, problems }) => {
    const expected = [
      ...Object.keys(successes),
      ...problems.map((kind) => `${problemsByKind[kind].status} ${kind}`),
      "500 about:blank",
    ];

    expect(scenarios[id].map((scenario) => scenario.expected).sort()).toEqual(expected.sort());
  });

  it("would fail this test if they were wrong", async () => {
    const response = await new Api().ask("getHealth");

    const wrong = [
      { ...response, statusCode: 201 },
      { ...response, body: '{"status":"fine"}' },
      { ...response, body: '{"status":"ok","secret":1}' },
      { ...response, headers: { ...response.headers, "content-type": "text/html" } },
      { ...response, headers: { ...response.headers, etag: "undocumented" } },
    ];

    for (const answer of wrong) expect(violations("getHealth", answer)).not.toEqual([]);
  });
});
