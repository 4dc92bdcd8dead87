import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Gap, GapSettings } from "../gap";
import { type ApiRequests, apiRequestsGap } from "../shared/api-requests";
import type { AwsClients } from "../shared/aws-clients";
import type { DeployedApis } from "../shared/deployed-apis";
import { apiGatewayMetrics } from "./api-metric-data";

/** CloudWatch's limit per PutMetricData. */
const dataPerCall = 1_000;

/** API Gateway's metrics for each request through a REST API. */
export function apiMetrics(clients: AwsClients, apis: DeployedApis, settings: GapSettings): Gap {
  return apiRequestsGap({
    ...settings,
    apis,
    name: "api-metrics",
    deliver: (requests) => putMetrics(clients, requests),
  });
}

async function putMetrics(clients: AwsClients, { region, api, requests }: ApiRequests): Promise<void> {
  const all = requests.flatMap(({ exchange, route }) => apiGatewayMetrics(exchange, api, route));
  const cloudWatch = clients.cloudWatch(region);
  for (let start = 0; start < all.length; start += dataPerCall) {
    const MetricData = all.slice(start, start + dataPerCall);
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: "AWS/ApiGateway", MetricData }));
  }
}
