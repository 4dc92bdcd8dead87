import { ApiUpdates, merge } from "../../../../packages/laptop/gaps/api-updates";

describe("merge", () => {
  it("converts booleans and numbers", () => {
    const operations = [
      { op: "replace", path: "/apiKeyRequired", value: "true" },
      { op: "replace", path: "/timeoutInMillis", value: "29000" },
      { op: "replace", path: "/description", value: "true" },
    ];

    expect(merge({}, operations, false)).toEqual([
      { op: "replace", path: "/apiKeyRequired", value: true },
      { op: "replace", path: "/timeoutInMillis", value: 29_000 },
      { op: "replace", path: "/description", value: "true" },
    ]);
  });

  it("replaces a nested setting as a whole, with decoded names and its other values", () => {
    const current = { requestModels: { "text/plain": "Kept", "text/html": "Removed" } };
    const operations = [
      { op: "add", path: "/requestModels/application~1json", value: "Body" },
      { op: "remove", path: "/requestModels/text~1html" },
    ];

    expect(merge(current, operations, false)).toEqual([
      {
        op: "replace",
        path: "/requestModels",
        value: { "text/plain": "Kept", "application/json": "Body" },
      },
    ]);
  });

  it("treats a method's parameters as booleans and an integration's as text", () => {
    const operations = [{ op: "add", path: "/requestParameters/method.request.path.id", value: "true" }];

    const [ofMethod, ofIntegration] = [false, true].map((isIntegration) =>
      merge({}, operations, isIntegration),
    );

    expect(ofMethod?.[0]?.value).toEqual({ "method.request.path.id": true });
    expect(ofIntegration?.[0]?.value).toEqual({ "method.request.path.id": "true" });
  });

  it("removes a setting", () => {
    expect(merge({ description: "old" }, [{ op: "remove", path: "/description" }], false)).toEqual([
      { op: "remove", path: "/description" },
    ]);
  });
});

describe("ApiUpdates", () => {
  const claims = (method: string, path: string, host = "127.0.0.1:4566") =>
    new ApiUpdates().claims({
      method,
      path,
      query: new URLSearchParams(),
      headers: { host },
      account: "000000000000",
      service: "apigateway",
      region: "eu-west-1",
      action: undefined,
    });

  it.each([
    "/restapis/0a1b2c3d",
    "/restapis/0a1b2c3d/resources/abc/methods/GET",
    "/restapis/0a1b2c3d/resources/abc/methods/GET/integration",
    "/restapis/0a1b2c3d/requestvalidators/v1",
  ])("claims an update of %s", (path) => {
    expect(claims("PATCH", path)).toBe(true);
  });

  it.each<[what: string, request: Parameters<typeof claims>]>([
    ["a stage's settings", ["PATCH", "/restapis/0a1b2c3d/stages/dev"]],
    ["a read of a method", ["GET", "/restapis/0a1b2c3d/resources/abc/methods/GET"]],
    ["a caller's request", ["PATCH", "/restapis/0a1b2c3d/dev/_user_request_/items/a/1"]],
    ["a caller's request to the root", ["PATCH", "/restapis/0a1b2c3d/dev/_user_request_"]],
    [
      "a caller's request that looks like an update",
      ["PATCH", "/restapis/0a1b2c3d/dev/_user_request_/restapis/x"],
    ],
    ["a caller's request by the other path", ["PATCH", "/_aws/execute-api/0a1b2c3d/dev/items"]],
    ["a caller's request by the API's host", ["PATCH", "/restapis/x", "0a1b2c3d.execute-api.localhost:4566"]],
  ])("leaves alone %s", (_, request) => {
    expect(claims(...request)).toBe(false);
  });
});
