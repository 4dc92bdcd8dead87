import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
} from "@aws-sdk/client-cloudwatch";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type ClientConfig, expectGap, useEmulators } from "./emulators";
import { deployItemsApi } from "./items-api";

describe("embedded metrics", () => {
  const emulators = useEmulators();

  beforeAll(async () => {
    await deployItemsApi(emulators.bare);
  });

  const Namespace = "Gaps";
  const timestamp = Math.floor(Date.now() / 60_000) * 60_000;
  const line = (marker: string) => ({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace,
          Dimensions: [["service", "environment"], ["service"], []],
          Metrics: [
            { Name: "Latency", Unit: "Milliseconds" },
            { Name: "Count", Unit: "Count" },
          ],
        },
      ],
    },
    service: marker,
    environment: "dev",
    Latency: [10, 20, 60],
    Count: 2,
  });

  it("are not read by MiniStack from a function's log", async () => {
    await invoke(emulators.bare, "bare");

    expectGap((await latency(emulators.bare, { service: "bare" })) !== undefined, "embedded-metrics");
  });

  it.each([{ service: "withGaps", environment: "dev" }, { service: "withGaps" }])(
    "can be read by the dimensions %j as soon as they are logged",
    async (dimensions) => {
      if (dimensions.environment) await invoke(emulators.withGaps, "withGaps");

      expect(await latency(emulators.withGaps, dimensions)).toMatchObject({
        Timestamp: new Date(timestamp),
        SampleCount: 3,
        Sum: 90,
        Maximum: 60,
        Unit: "Milliseconds",
      });
    },
  );

  it("are counted once, no matter how often they are read, even after a restart of the gateway", async () => {
    await invoke(emulators.withGaps, "once");
    await Promise.all([1, 2, 3].map(() => latency(emulators.withGaps, { service: "once" })));
    await emulators.gateway.settle();
    emulators.renewGaps();

    const { MetricDataResults } = await new CloudWatchClient(emulators.withGaps).send(
      new GetMetricDataCommand({
        ...between(),
        MetricDataQueries: [
          {
            Id: "count",
            MetricStat: {
              Metric: { Namespace, MetricName: "Count", Dimensions: dimensionsOf({ service: "once" }) },
              Period: 60,
              Stat: "Sum",
            },
          },
        ],
      }),
    );

    expect(MetricDataResults?.[0]?.Values).toEqual([2]);
  });

  async function invoke(config: ClientConfig, marker: string): Promise<void> {
    const Payload = Buffer.from(JSON.stringify({ print: line(marker) }));
    await new LambdaClient(config).send(new InvokeCommand({ FunctionName: "gaps", Payload }));
  }

  async function latency(config: ClientConfig, dimensions: Record<string, string>) {
    const { Datapoints } = await new CloudWatchClient(config).send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName: "Latency",
        Dimensions: dimensionsOf(dimensions),
        ...between(),
        Period: 60,
        Statistics: ["Sum", "Maximum", "SampleCount"],
      }),
    );
    return Datapoints?.[0];
  }

  function between() {
    return { StartTime: new Date(timestamp - 60_000), EndTime: new Date(timestamp + 120_000) };
  }

  function dimensionsOf(values: Record<string, string>) {
    return Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
  }
});
