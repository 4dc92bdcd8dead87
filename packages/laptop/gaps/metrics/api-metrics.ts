import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Exchange, Gap, RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import { Batches } from "../shared/batches";
import { apiInvocation, type DeployedApis, routeOf } from "../shared/deployed-apis";
import { apiGatewayMetrics, lambdaMetrics } from "./api-metric-data";

const batchMilliseconds = 100;
/** CloudWatch's bound on one PutMetricData. */
const dataInOneCall = 1_000;

/**
 * The metrics of API Gateway, and those of the functions behind it, for each request through a REST API. MiniStack
 * counts by itself what invokes a function without an API.
 */
export class ApiMetrics implements Gap {
  readonly name = "api-metrics";
  private readonly exchanges = new Batches<Exchange>({
    gap: this.name,
    milliseconds: batchMilliseconds,
    deliver: (key, exchanges) => this.put(JSON.parse(key), exchanges),
  });

  constructor(
    private readonly clients: AwsClients,
    private readonly apis: DeployedApis,
    private readonly defaultRegion: string,
  ) {}

  concerns(head: RequestHead): boolean {
    return apiInvocation(head) !== undefined;
  }

  observe(exchange: Exchange): void {
    const invocation = apiInvocation(exchange.head);
    if (!invocation) return;
    const region = exchange.head.region ?? this.defaultRegion;
    this.exchanges.add(JSON.stringify([region, invocation.apiId, invocation.stageName]), exchange);
  }

  settle(): Promise<void> {
    return this.exchanges.settle();
  }

  private async put(
    [region, apiId, stageName]: [string, string, string],
    exchanges: readonly Exchange[],
  ): Promise<void> {
    const api = await this.apis.find(region, apiId, stageName);
    if (!api) return;
    const routed = exchanges.map((exchange) => {
      const path = apiInvocation(exchange.head)?.path ?? "/";
      return { exchange, route: routeOf(api.resources, exchange.head.method, path) };
    });
    const data = {
      "AWS/ApiGateway": routed.flatMap(({ exchange, route }) => apiGatewayMetrics(exchange, api, route)),
      "AWS/Lambda": routed.flatMap(({ exchange, route }) => lambdaMetrics(exchange, route)),
    };
    const cloudWatch = this.clients.cloudWatch(region);
    for (const [Namespace, all] of Object.entries(data)) {
      for (let start = 0; start < all.length; start += dataInOneCall) {
        const MetricData = all.slice(start, start + dataInOneCall);
        await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
      }
    }
  }
}
