import { environments } from "../../stacks/environments";
import { serviceStacks } from "../support/service-stacks";

describe("an environment that reserves no concurrency", () => {
  const [stack] = serviceStacks([{ ...environments[0], reserveConcurrency: false }]);

  it("has functions without a reservation, and passes the guardrails", () => {
    const functions = stack?.resources("aws_lambda_function") ?? [];

    expect(functions.map(({ attributes }) => attributes.reserved_concurrent_executions)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("still alarms when a function is throttled, but not on its share of a reservation", () => {
    const alarms = stack?.resources("aws_cloudwatch_metric_alarm").map(({ path }) => path.split("/").at(-2));

    expect(alarms).toEqual(expect.arrayContaining(["api-function-throttles", "stream-function-throttles"]));
    expect(alarms?.filter((id) => id?.endsWith("concurrency"))).toEqual([]);
  });
});
