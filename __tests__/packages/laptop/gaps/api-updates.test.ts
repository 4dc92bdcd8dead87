import { merge } from "../../../../packages/laptop/gaps/api-updates";

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
