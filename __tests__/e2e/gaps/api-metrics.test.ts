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
    const before = await Promise.all(counts());

    await getItem(emulators.bare, apiId, "1");

    const after = await Promise.all(counts());
    expectGap(
      after.some((count, index) => count !== before[index]),
      "api-metrics",
    );
  });

  it.each([
    ["AWS/ApiGateway", "Count", { ApiName }, 4],
    ["AWS/ApiGateway", "Count", inStage, 4],
    ["AWS/ApiGateway", "4XXError", inStage, 2],
    ["AWS/ApiGateway", "5XXError", inStage, 1],
    ["AWS/ApiGateway", "Count", { ...inStage, Method: "GET", Resource }, 4],
    ["AWS/Lambda", "Invocations", { FunctionName: "gaps" }, 3],
    ["AWS/Lambda", "Invocations", { FunctionName: "gaps", Resource: "gaps:live" }, 3],
    ["AWS/Lambda", "Errors", { FunctionName: "gaps", Resource: "gaps:live" }, 1],
    ["AWS/Lambda", "Throttles", { FunctionName: "gaps", Resource: "gaps:live" }, 0],
  ])("%s %s of %j counts requests through the API", async (namespace, name, dimensions, expected) => {
    await emulators.gateway.settle();
    const before = await sums(namespace, name, dimensions);
    await getItem(emulators.withGaps, apiId, "1");
    await getItem(emulators.withGaps, apiId, "conflict");
    await getItem(emulators.withGaps, apiId, "fail");
    await fetch(itemUrl(emulators.withGaps, apiId, "1"));
    await emulators.gateway.settle();

    const after = await sums(namespace, name, dimensions);

    expect(after - before).toBe(expected);
  });

  it("include a 0 for errors that did not happen, and a latency no shorter than the integration's", async () => {
    await getItem(emulators.withGaps, apiId, "1");
    await emulators.gateway.settle();

    const errors = await statistics("AWS/ApiGateway", "5XXError", inStage);
    const latency = await statistics("AWS/ApiGateway", "Latency", inStage);
    const integration = await statistics("AWS/ApiGateway", "IntegrationLatency", inStage);

    expect(errors).toMatchObject({ Minimum: 0, Unit: "Count" });
    expect(integration?.Maximum).toBeGreaterThan(0);
    expect(latency?.Maximum).toBeGreaterThanOrEqual(integration?.Maximum ?? 0);
    expect(latency?.Unit).toBe("Milliseconds");
  });

  function counts(): Promise<number>[] {
    return [
      sums("AWS/ApiGateway", "Count", inStage),
      sums("AWS/Lambda", "Invocations", { FunctionName: "gaps" }),
    ];
  }

  async function sums(namespace: string, name: string, dimensions: Record<string, string>): Promise<number> {
    const datapoint = await statistics(namespace, name, dimensions);
    return datapoint?.Sum ?? 0;
  }

  async function statistics(Namespace: string, MetricName: string, dimensions: Record<string, string>) {
    const { Datapoints } = await new CloudWatchClient(emulators.bare).send(
      new GetMetricStatisticsCommand({
        Namespace,
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
