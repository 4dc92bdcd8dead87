import { apiInvocation, routeOf } from "../../../../../packages/laptop/gaps/shared/deployed-apis";
import { exchange } from "../../../../support/exchange";

describe("apiInvocation", () => {
  it.each([
    ["/restapis/a1b2c3d4/dev/_user_request_/items/1", "127.0.0.1:80", "/items/1"],
    ["/restapis/a1b2c3d4/dev/_user_request_", "127.0.0.1:80", "/"],
    ["/_aws/execute-api/a1b2c3d4/dev/items", "127.0.0.1:80", "/items"],
    ["/dev/items", "a1b2c3d4.execute-api.127.0.0.1:80", "/items"],
    ["/dev", "a1b2c3d4.execute-api.127.0.0.1:80", "/"],
  ])("recognizes %s on %s", (path, host, below) => {
    const head = { ...exchange().head, path, headers: { host } };

    expect(apiInvocation(head)).toEqual({ apiId: "a1b2c3d4", stageName: "dev", path: below });
  });

  it("ignores calls that manage the API", () => {
    expect(apiInvocation({ ...exchange().head, path: "/restapis/a1b2c3d4/stages/dev" })).toBeUndefined();
  });
});

describe("routeOf", () => {
  const GET = { httpMethod: "GET" };
  const resources = [
    { path: "/{proxy+}", resourceMethods: { ANY: {} } },
    { path: "/items/{id}", resourceMethods: { GET } },
    { path: "/items/new", resourceMethods: { GET } },
    { path: "/", resourceMethods: { GET } },
  ];

  it.each([
    ["GET", "/items/new", "/items/new"],
    ["GET", "/items/1", "/items/{id}"],
    ["GET", "/items/%E0%A4%A", "/items/{id}"],
    ["POST", "/items/1", "/{proxy+}"],
    ["GET", "/items/1/more", "/{proxy+}"],
    ["GET", "/", "/"],
    ["POST", "/", undefined],
  ])("routes %s %s to %s", (method, path, expected) => {
    expect(routeOf(resources, method, path)?.resource.path).toBe(expected);
  });
});
