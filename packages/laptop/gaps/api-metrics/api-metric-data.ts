import type { Dimension, MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { Exchange } from "../gap";
import { functionFailure, isIntegrated } from "../shared/api-answer";
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

export function lambdaMetrics(exchange: Exchange, route: Route | undefined): MetricDatum[] {
  const { uri = "" } = route?.method.methodIntegration ?? {};
  const [, FunctionName, qualifier] =
    /\/functions\/arn:aws:lambda:[^:]*:\d*:function:([\w-]+)(?::([\w$-]+))?\/invocations$/.exec(uri) ?? [];
  if (!FunctionName || !isIntegrated(exchange)) return [];
  const Resource = qualifier ? `${FunctionName}:${qualifier}` : FunctionName;
  // A throttled request is not an invocation. MiniStack itself counts the throttle for the function.
  if (functionFailure(exchange) === "refused") {
    return data(exchange, [{ FunctionName, Resource }], { Throttles: 1 });
  }
  return data(exchange, [{ FunctionName }, { FunctionName, Resource }], {
    Invocations: 1,
    Errors: functionFailure(exchange) === "failed" ? 1 : 0,
    Throttles: 0,
    Duration: exchange.emulatorMilliseconds,
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
      const Unit = /Latency|Duration/.test(MetricName) ? "Milliseconds" : "Count";
      return { MetricName, Dimensions, Timestamp: new Date(startedAt), Value, Unit };
    });
  });
}
