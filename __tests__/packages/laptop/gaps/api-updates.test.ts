import { merge } from "../../../../packages/laptop/gaps/api-updates";

describe("merge", () => {
  it("gives booleans and numbers as what they are", () => {
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

  it("replaces a nested setting whole, its names decoded and its other values kept", () => {
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

  it("takes a method's parameters for booleans and an integration's for text", () => {
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
