import { RestApi } from "../../constructs/rest-api";
import { operations } from "../../lambda-src/api/operations";
import { itemsRoutes } from "../../stacks/items-routes";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";

/** An API whose routes all lead to one function. */
const apiWith = (...routes: readonly string[]) =>
  synthesizeStack((stack) => {
    const worker = serviceFunction(stack);
    new RestApi(stack, "api", {
      name: "api",
      description: "Items",
      throttle: { requestsPerSecond: 100, burst: 200 },
      logRetentionDays: 14,
      allowedOrigin: "https://app.example.com",
      routes: Object.fromEntries(
        routes.map((route) => [route, { function: worker, requestModel: { type: "object" } }]),
      ),
    });
  });

describe("an API's routes", () => {
  it.each([
    ["GET /items/", 'must not have an empty part or end with a slash, got "GET /items/"; write /items'],
    ["GET //", 'must not have an empty part or end with a slash, got "GET //"; write /'],
    ["GET /items//{id}", "must not have an empty part or end with a slash"],
    [
      "GET items",
      'must be GET, POST, PUT or DELETE, one space and a path, such as GET /items, got "GET items"',
    ],
    ["get /items", "must be GET, POST, PUT or DELETE"],
    ["PATCH /items", "must be GET, POST, PUT or DELETE"],
    ["GET  /items", "must be GET, POST, PUT or DELETE"],
    ["GET /items/{}", "each part of a route's path must be letters, digits and . _ : -, or a parameter"],
    ["GET /items/{id", 'got "{id" in "GET /items/{id"'],
    ["GET /items/v{id}", 'got "v{id}"'],
    ["GET /items/{id}{key}", 'got "{id}{key}"'],
    ["GET /items/é", 'got "é"'],
    ["GET /items/*", 'got "*"'],
    ["GET /{path+}/end", "{path+} takes the rest of the path, so it must be the last part of the path"],
  ])("refuse %s", (route, problem) => {
    expect(() => apiWith("POST /items", route)).toThrow(problem);
    expect(() => apiWith("POST /items", route)).toThrow(/^test-stack\/api: /);
  });

  it.each([
    [["GET /items/id", "GET /items/{id}"], "/items/id and /items/{id} would both be the construct items-id"],
    [["GET /items-id", "GET /items/{id}"], "/items-id and /items/{id} would both be the construct items-id"],
    [
      ["GET /items/{id}", "PUT /items/{id+}"],
      "/items/{id} and /items/{id+} would both be the construct items-id",
    ],
    [["GET /Items", "GET /items"], "GET /Items and GET /items would both be the construct get-items"],
    [
      ["POST /a-b", "POST /a.b"],
      "the bodies of POST /a-b and POST /a.b would both be the model PostABBody, which an API can have once",
    ],
    [["PUT /a_b", "PUT /a:b"], "the bodies of PUT /a_b and PUT /a:b would both be the model PutABBody"],
    [["POST /a/b", "POST /a.b"], "the bodies of POST /a/b and POST /a.b would both be the model PostABBody"],
    [["GET /resource/api", "GET /api"], "/resource/api and /api would both be the construct resource-api"],
  ])("refuse %j, which differ on AWS but not in Terraform's addresses", (routes, problem) => {
    expect(() => apiWith(...routes)).toThrow(problem);
  });

  it("are all checked before anything is created", () => {
    expect(() => apiWith("GET /items/", "GET /a b", "GET /x/id", "GET /x/{id}")).toThrow(
      /GET \/items\/.*\n.*GET \/a b.*\n.*\/x\/id and \/x\/\{id\}/,
    );
  });

  it.each([
    ["GET /items/{item-id}", "{item-id}", "item-id", "GET/items/*"],
    ["GET /files/{path+}", "{path+}", "path", "GET/files/*"],
    ["DELETE /{proxy+}", "{proxy+}", "proxy", "DELETE/*"],
    ["GET /users/{user_id.v1}", "{user_id.v1}", "user_id.v1", "GET/users/*"],
  ])("can be %s", (route, pathPart, parameter, invoked) => {
    const stack = apiWith(route);

    const parts = stack.resources("aws_api_gateway_resource").map(({ attributes }) => attributes.path_part);
    const [method] = stack.resources("aws_api_gateway_method");
    const permission = stack.only("aws_lambda_permission").text("source_arn");

    expect(parts).toContain(pathPart);
    expect(method?.attributes.request_parameters).toEqual({ [`method.request.path.${parameter}`]: true });
    expect(permission).toMatch(new RegExp(`/test/${invoked.replaceAll("*", "\\*")}$`));
  });

  it.each([
    "GET /",
    "GET /api",
    "GET /stage/policy",
    "PUT /deployment",
    "GET /responses",
    "GET /get/items",
    "GET /removed-parts",
    "POST /preflight/items",
    "GET /.well-known/openid-configuration",
    "GET /items:search",
    "GET /v1.0/items_all",
  ])("can be %s, beside the others", (route) => {
    const stack = apiWith("GET /items", "POST /items", "GET /items/{id}", route);

    const path = route.slice(route.indexOf("/") + 1).split("/");
    const parts = stack.resources("aws_api_gateway_resource").map(({ attributes }) => attributes.path_part);

    expect(parts).toEqual(expect.arrayContaining(path.filter(Boolean)));
  });

  it("belong to one operation each", () => {
    const twice = { ...operations, readItem: operations.getItem };

    expect(() => itemsRoutes(undefined as never, twice)).toThrow(
      "lambda-src/api/operations.ts: getItem and readItem must have different routes, got GET /items/{id}/{timestamp} for both; one would never be called",
    );
    expect(() => itemsRoutes(undefined as never)).not.toThrow();
  });
});
