import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { expectGap, useEmulators } from "./emulators";
import { deployItemsApi, getItem, itemUrl } from "./items-api";

describe("API metrics", () => {
  const emulators = useEmulators();
  let apiId: string;

  beforeAll(async () => {
    apiId = await deployItemsApi(emulators.bare);
  });

  const ApiName = "gaps-api";
  const Stage = "dev";
  const Resource = "/items/{id}";
  const inStage = { ApiName, Stage };

  it("are not counted by MiniStack", async () => {
    await emulators.gateway.settle();
    const before = await sums("Count", inStage);

    await getItem(emulators.bare, apiId, "1");

    expectGap((await sums("Count", inStage)) !== before, "api-metrics");
  });

  it.each([
    ["Count", { ApiName }, 4],
    ["Count", inStage, 4],
    ["4XXError", inStage, 2],
    ["5XXError", inStage, 1],
    ["Count", { ...inStage, Method: "GET", Resource }, 4],
  ])("%s of %j counts requests through the API", async (name, dimensions, expected) => {
    await emulators.gateway.settle();
    const before = await sums(name, dimensions);
    await getItem(emulators.withGaps, apiId, "1");
    await getItem(emulators.withGaps, apiId, "conflict");
    await getItem(emulators.withGaps, apiId, "fail");
    await fetch(itemUrl(emulators.withGaps, apiId, "1"));
    await emulators.gateway.settle();

    const after = await sums(name, dimensions);

    expect(after - before).toBe(expected);
  });

  it("include a 0 for errors that did not happen, and a latency no shorter than the integration's", async () => {
    await getItem(emulators.withGaps, apiId, "1");
    await emulators.gateway.settle();

    const errors = await statistics("5XXError", inStage);
    const latency = await statistics("Latency", inStage);
    const integration = await statistics("IntegrationLatency", inStage);

    expect(errors).toMatchObject({ Minimum: 0, Unit: "Count" });
    expect(integration?.Maximum).toBeGreaterThan(0);
    expect(latency?.Maximum).toBeGreaterThanOrEqual(integration?.Maximum ?? 0);
    expect(latency?.Unit).toBe("Milliseconds");
  });

  async function sums(name: string, dimensions: Record<string, string>): Promise<number> {
    const datapoint = await statistics(name, dimensions);
    return datapoint?.Sum ?? 0;
  }

  async function statistics(MetricName: string, dimensions: Record<string, string>) {
    const { Datapoints } = await new CloudWatchClient(emulators.bare).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/ApiGateway",
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 86_400,
        Statistics: ["Sum", "Minimum", "Maximum"],
      }),
    );
    return Datapoints?.[0];
  }
});
