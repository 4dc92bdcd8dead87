import { RestApi } from "../../../constructs/rest-api";
import { checkStack } from "../../../packages/guardrails/check-stack";
import { serviceFunction } from "../../support/service-function";
import { synthesizeStack } from "../../support/synthesize";

/** What the rule finds in an API with this many routes. */
const findings = (routes: number) => {
  const stack = synthesizeStack((testStack) => {
    const worker = serviceFunction(testStack);
    const paths = Array.from({ length: routes }, (_, index) => `GET /items/route-${index + 100}`);
    new RestApi(testStack, "api", {
      name: "api",
      description: "Items",
      throttle: { requestsPerSecond: 100, burst: 200 },
      logRetentionDays: 14,
      routes: Object.fromEntries(paths.map((path) => [path, { function: worker }])),
    });
  });
  return checkStack(JSON.parse(stack.text))
    .violations.filter(({ rule }) => rule.id === "lambda-permissions-fit")
    .map(({ found }) => found);
};

describe("the rule about the size of a function's resource policy", () => {
  it.each([1, 56])("accepts an API with %i routes", (routes) => {
    expect(findings(routes)).toEqual([]);
  });

  it.each([57, 100])("refuses an API with %i routes", (routes) => {
    expect(findings(routes)).toEqual([
      expect.stringMatching(/^the permissions on live take up \d{5} bytes$/),
    ]);
  });
});
