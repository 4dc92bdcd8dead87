import type { Dimension, MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { Exchange } from "../gap";
import { isIntegrated } from "../shared/api-answer";
import type { DeployedApi, Route } from "../shared/deployed-apis";

/** As on AWS, a successful request counts as 0 errors: the metrics get a data point. */
export function apiGatewayMetrics(
  exchange: Exchange,
  { apiName, stage }: DeployedApi,
  route: Route | undefined,
): MetricDatum[] {
  const { status, milliseconds, emulatorMilliseconds } = exchange;
  const { stageName = "" } = stage;
  const integrated = route !== undefined && isIntegrated(exchange);
  const sets = [{ ApiName: apiName }, { ApiName: apiName, Stage: stageName }];
  const { path: Resource = "" } = route?.resource ?? {};
  const Method = exchange.head.method;
  const settings = stage.methodSettings ?? {};
  const detailed =
    settings[`${Resource.slice(1)}/${Method}`] ?? settings[`${Resource}/${Method}`] ?? settings["*/*"];
  if (route && detailed?.metricsEnabled) {
    sets.push({ ApiName: apiName, Stage: stageName, ...{ Method, Resource } });
  }
  return data(exchange, sets, {
    Count: 1,
    "4XXError": status >= 400 && status < 500 ? 1 : 0,
    "5XXError": status >= 500 ? 1 : 0,
    Latency: milliseconds,
    ...(integrated && { IntegrationLatency: emulatorMilliseconds }),
  });
}

function data(
  { startedAt }: Exchange,
  sets: readonly Readonly<Record<string, string>>[],
  values: Readonly<Record<string, number>>,
): MetricDatum[] {
  return sets.flatMap((set) => {
    const Dimensions: Dimension[] = Object.entries(set).map(([Name, Value]) => ({ Name, Value }));
    return Object.entries(values).map(([MetricName, Value]) => {
      const Unit = MetricName.endsWith("Latency") ? "Milliseconds" : "Count";
      return { MetricName, Dimensions, Timestamp: new Date(startedAt), Value, Unit };
    });
  });
}
