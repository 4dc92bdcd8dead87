import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import type { ClientConfig } from "./emulators";

/** A statistic of one of Lambda's metrics so far; 0 if there is no data. */
export async function lambdaMetric(
  config: ClientConfig,
  MetricName: string,
  dimensions: Readonly<Record<string, string>>,
  statistic: "Sum" | "Maximum" = "Sum",
): Promise<number> {
  const { Datapoints = [] } = await new CloudWatchClient(config).send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/Lambda",
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 86_400,
      Statistics: [statistic],
    }),
  );
  const values = Datapoints.map((datapoint) => datapoint[statistic] ?? 0);
  return statistic === "Sum" ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
}
