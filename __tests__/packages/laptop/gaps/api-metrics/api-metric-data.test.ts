import {
  apiGatewayMetrics,
  lambdaMetrics,
} from "../../../../../packages/laptop/gaps/api-metrics/api-metric-data";
import type { FunctionFailure } from "../../../../../packages/laptop/gaps/shared/api-answer";
import { deployedApi, exchange } from "../../../../support/exchange";

const [resource] = deployedApi.resources;
const route = resource && { resource, method: resource.resourceMethods?.GET ?? {} };

describe("apiGatewayMetrics", () => {
  it("counts for the API, its stage and, with detailed metrics, its method", () => {
    const counts = apiGatewayMetrics(exchange(), deployedApi, route).filter(
      (datum) => datum.MetricName === "Count",
    );

    expect(counts.map(({ Dimensions }) => Dimensions?.map(({ Value }) => Value))).toEqual([
      ["api"],
      ["api", "dev"],
      ["api", "dev", "GET", "/items/{id}"],
    ]);
  });

  it("has no metrics per method if the stage turns them off", () => {
    const stage = { ...deployedApi.stage, methodSettings: { "items/{id}/GET": { metricsEnabled: false } } };

    const data = apiGatewayMetrics(exchange(), { ...deployedApi, stage }, route);

    expect(data.every(({ Dimensions }) => (Dimensions?.length ?? 0) < 3)).toBe(true);
  });

  it.each([
    [200, 0, 0],
    [404, 1, 0],
    [502, 0, 1],
  ])("counts status %i as %i client errors and %i server errors", (status, client, server) => {
    const data = apiGatewayMetrics(exchange({ status }), deployedApi, route);

    expect(data.find(({ MetricName }) => MetricName === "4XXError")?.Value).toBe(client);
    expect(data.find(({ MetricName }) => MetricName === "5XXError")?.Value).toBe(server);
  });

  it("has no integration latency if API Gateway itself answered", () => {
    const refused = exchange({ status: 403, answerHeaders: { "x-amzn-errortype": "AccessDeniedException" } });

    const names = apiGatewayMetrics(refused, deployedApi, route).map(({ MetricName }) => MetricName);

    expect(names).not.toContain("IntegrationLatency");
    expect(lambdaMetrics(refused, route)).toEqual([]);
  });
});

function failedBecause(failure: FunctionFailure) {
  return { "x-amzn-errortype": "InternalServerErrorException", "x-laptop-function": failure };
}

describe("lambdaMetrics", () => {
  it.each([
    ["an answer", exchange(), { Invocations: 1, Errors: 0, Throttles: 0, Duration: 12.3 }],
    [
      "an answer with status 502",
      exchange({ status: 502, answerBeginning: '{"message":"upstream"}' }),
      { Errors: 0 },
    ],
    [
      "an answer with status 502 that says what Lambda says of an error",
      exchange({ status: 502, answerBeginning: '{"errorMessage":"no"}' }),
      { Errors: 0 },
    ],
    ["an unhandled error", exchange({ status: 502, answerHeaders: failedBecause("failed") }), { Errors: 1 }],
    [
      "an unhandled error of an API that returns another status for it",
      exchange({ status: 504, answerHeaders: failedBecause("failed") }),
      { Errors: 1 },
    ],
    [
      "a malformed answer",
      exchange({ status: 502, answerHeaders: failedBecause("malformed") }),
      { Invocations: 1, Errors: 0 },
    ],
  ])("counts %s for both the function and its alias", (_, answered, expected) => {
    const data = lambdaMetrics(answered, route);

    for (const dimensions of [["api"], ["api", "api:live"]]) {
      const values = data
        .filter((datum) => `${datum.Dimensions?.map(({ Value }) => Value)}` === `${dimensions}`)
        .map(({ MetricName, Value }) => [MetricName, Value]);
      expect(Object.fromEntries(values)).toMatchObject(expected);
    }
  });

  it("does not count a throttled request as an invocation", () => {
    const throttled = exchange({ status: 500, answerHeaders: failedBecause("refused") });

    const names = lambdaMetrics(throttled, route).map(({ MetricName }) => MetricName);

    expect(names).toEqual(["Throttles"]);
  });
});
