import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import { readJsonBody } from "../../../lambda-src/api/json-body";
import type { OperationId } from "../../../lambda-src/api/operations";
import { itemContent, parseItem } from "../../../lambda-src/items/item";
import { openApiDocument } from "../../../scripts/openapi/openapi-document";
import { goodData, oddJson } from "../../lambda-src/api/fuzz-values";
import { violations } from "../../lambda-src/api/violations";
import { apiEvent } from "../../support/api-event";

const fromGateway = (statusCode: number, members: object) => ({
  statusCode,
  headers: { "content-type": "application/problem+json" },
  body: JSON.stringify({ type: "about:blank", detail: "Invalid request body", requestId: "1", ...members }),
});

describe("docs/openapi.json", () => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(openApiDocument(), "openapi.json");
  const documented = (data: unknown) =>
    ajv.validate({ $ref: "openapi.json#/components/schemas/JsonObject" }, data) === true;
  const accepted = (data: unknown) => {
    try {
      parseItem(itemContent, readJsonBody(apiEvent({ body: JSON.stringify({ data }) })));
      return true;
    } catch {
      return false;
    }
  };

  it.each<[string, unknown]>([
    ["an empty object", {}],
    ["every kind of value", { a: [null, true, "x", 0, -1e-130, 1.5, { b: [] }] }],
    ["the largest numbers", { a: 2 ** 53 - 1, b: 1 - 2 ** 53 }],
    ["names that look inherited", { constructor: 1, toString: 2 }],
    ["31 levels", JSON.parse(`${'{"x":'.repeat(30)}{}${"}".repeat(30)}`)],
  ])("allows as an item's data, as the API does: %s", (_, data) => {
    expect({ documented: documented(data), accepted: accepted(data) }).toEqual({
      documented: true,
      accepted: true,
    });
  });

  it.each<[string, unknown]>([
    ["an array", []],
    ["null", null],
    ["text", "x"],
    ["a number over 2^53 - 1", { a: [{ b: 2 ** 53 }] }],
    ["a number under -(2^53 - 1)", { a: -(2 ** 53) }],
    ["a number under 1e-130", { a: 1e-131 }],
    ["a name without characters", { a: { "": 1 } }],
    ["__proto__", JSON.parse('{"a":[{"__proto__":1}]}')],
    ["a name of 65,536 characters", { ["x".repeat(65_536)]: 1 }],
  ])("refuses as an item's data, as the API does: %s", (_, data) => {
    expect({ documented: documented(data), accepted: accepted(data) }).toEqual({
      documented: false,
      accepted: false,
    });
  });

  it("agrees with the API on any data without halves of surrogate pairs", () => {
    let refused = 0;

    fc.assert(
      fc.property(fc.oneof(goodData, oddJson), (value) => {
        const data = JSON.parse(JSON.stringify(value));
        // JSON.stringify writes halves of surrogate pairs, and only them, as escapes of this form.
        if (/\\ud[89a-f]/.test(JSON.stringify(data))) return;
        if (!accepted(data)) refused += 1;
        expect(documented(data)).toBe(accepted(data));
      }),
      { numRuns: 2_000, seed: 20_261_125 },
    );

    expect(refused).toBeGreaterThan(100);
  });

  it.each<[OperationId, number]>([
    ["createItem", 400],
    ["createItem", 413],
    ["createItem", 415],
    ["createItem", 500],
    ["createItem", 503],
    ["putItem", 400],
    ["putItem", 413],
    ["putItem", 415],
    ["getItem", 503],
    ["getHealth", 500],
  ])("has API Gateway's own problems for %s, %d", (id, status) => {
    expect(violations(id, fromGateway(status, { title: "Bad Request", status }))).toEqual([]);
    expect(violations(id, fromGateway(status, {}))).toEqual([]);
  });

  it.each<[OperationId, number]>([
    ["createItem", 409],
    ["createItem", 422],
    ["getItem", 404],
    ["listItems", 400],
    ["deleteItem", 412],
    ["deleteItem", 428],
  ])("has no problem of API Gateway's for %s, %d, which only the function returns", (id, status) => {
    expect(violations(id, fromGateway(status, { title: "Not Found", status }))).not.toEqual([]);
  });
});
