import { apiSnapshotNotes } from "../../../scripts/plan-guard/api-snapshots";
import type { ResourceChange } from "../../../scripts/plan-guard/terraform-plan";
import { apiChange, planOf } from "./api-change";

describe("apiSnapshotNotes", () => {
  const deployment = (triggers: object, before: object | null = {}): ResourceChange =>
    apiChange("aws_api_gateway_deployment", "deployment", ["create", "delete"], before && { triggers: {} }, {
      rest_api_id: "api1",
      triggers,
    });
  const items = apiChange("aws_api_gateway_resource", "items", ["no-op"], { id: "r1", path: "/items" }, {});
  const gone = (type: string, name: string, attributes: object = {}) =>
    apiChange(type, name, ["delete"], attributes, null);

  it.each<[string, readonly ResourceChange[], string]>([
    [
      "a method, by its route",
      [gone("aws_api_gateway_method", "get", { resource_id: "r1", http_method: "GET" })],
      "GET /items",
    ],
    [
      "a method below a resource that goes too, and none of their parts",
      [
        gone("aws_api_gateway_resource", "id", { id: "r2", path: "/items/{id}" }),
        gone("aws_api_gateway_method", "get", { resource_id: "r2", http_method: "GET" }),
        gone("aws_api_gateway_integration", "get", { resource_id: "r2", http_method: "GET" }),
      ],
      "GET /items/{id}",
    ],
    [
      "a method of the root",
      [gone("aws_api_gateway_method", "any", { resource_id: "r0", http_method: "ANY" })],
      "ANY /",
    ],
    [
      "a response whose method stays",
      [gone("aws_api_gateway_integration_response", "r", { resource_id: "r1", http_method: "OPTIONS" })],
      "aws_api_gateway_integration_response.r",
    ],
    ["a policy", [gone("aws_api_gateway_rest_api_policy", "p")], "aws_api_gateway_rest_api_policy.p"],
    ["a model", [gone("aws_api_gateway_model", "m")], "aws_api_gateway_model.m"],
    ["an authorizer", [gone("aws_api_gateway_authorizer", "a")], "aws_api_gateway_authorizer.a"],
    [
      "a gateway response",
      [gone("aws_api_gateway_gateway_response", "g")],
      "aws_api_gateway_gateway_response.g",
    ],
  ])("announces a second deployment for %s", (_, removed, shown) => {
    const notes = apiSnapshotNotes("dev-stack", planOf(deployment({}), items, ...removed));

    expect(notes).toEqual([
      `! The API's new snapshot still contains what this deployment removes: ${shown}. To take it out of service, run the deployment a second time: npx cdktf deploy dev-stack`,
    ]);
  });

  it.each<[string, readonly ResourceChange[]]>([
    ["a route is only added", [apiChange("aws_api_gateway_method", "get", ["create"], null, {})]],
    ["a policy is changed in place", [apiChange("aws_api_gateway_rest_api_policy", "p", ["update"], {}, {})]],
    ["something else is destroyed", [gone("aws_lambda_permission", "invoke")]],
    [
      "an API is destroyed with its routes",
      [{ ...gone("aws_api_gateway_method", "get", { rest_api_id: "api2" }) }],
    ],
  ])("announces none if %s", (_, changes) => {
    expect(apiSnapshotNotes("dev-stack", planOf(deployment({}), ...changes))).toEqual([]);
  });

  it("announces none if the whole stack is destroyed", () => {
    const destroyed = apiChange("aws_api_gateway_deployment", "deployment", ["delete"], {}, null);
    const method = gone("aws_api_gateway_method", "get");

    expect(apiSnapshotNotes("dev-stack", planOf(destroyed, method))).toEqual([]);
  });

  it.each([
    ["1a2b3c4d", "", true],
    ["", "1a2b3c4d", false],
    ["1a2b3c4d", "5e6f7a8b", false],
    ["", "", false],
  ])("tells whether a deployment finishes a removal: from %j to %j", (before, after, finishes) => {
    const change = apiChange(
      "aws_api_gateway_deployment",
      "deployment",
      ["create", "delete"],
      { triggers: { removed: before } },
      { triggers: { removed: after } },
    );

    expect(apiSnapshotNotes("dev-stack", planOf(change))).toEqual(
      finishes ? ["This deployment takes out of service what the last deployment removed."] : [],
    );
  });

  it("says nothing of what the first deployment of an API removes", () => {
    expect(apiSnapshotNotes("dev-stack", planOf(deployment({ removed: "" }, null)))).toEqual([]);
  });
});
