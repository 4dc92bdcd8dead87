import { apiGatewayMetrics } from "../../../../../packages/laptop/gaps/api-metrics/api-metric-data";
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
  });
});
