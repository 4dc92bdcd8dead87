import { application, environments } from "../../stacks/environments";
import type { Block, JsonObject } from "./block";
import { serviceStack } from "./service-stacks";

/** The stack whose alarms and dashboard are tested. */
export const observedStack = serviceStack(environments[0].name);

/** The metrics that each namespace publishes, by their dimensions. */
const published: Readonly<Record<string, { readonly [dimensions: string]: RegExp }>> = {
  "AWS/ApiGateway": { "ApiName,Stage": /^(4XXError|5XXError|Count|Latency|IntegrationLatency)$/ },
  "AWS/Lambda": {
    FunctionName: /^(ConcurrentExecutions|Duration|Errors|Invocations|IteratorAge|Throttles)$/,
  },
  "AWS/SQS": { QueueName: /^ApproximateNumberOfMessagesVisible$/ },
  "AWS/DynamoDB": {
    TableName: /^(Consumed(Read|Write)CapacityUnits|(Read|Write)ThrottleEvents)$/,
    "Operation,TableName": /^(SystemErrors|SuccessfulRequestLatency)$/,
  },
  "AWS/Firehose": { DeliveryStreamName: /^DeliveryToS3\.(DataFreshness|Success)$/ },
  [application.metricsNamespace]: {
    "application,environment,service":
      /^(ColdStart|Conflict|EventPublished|IdempotentReplay|Item(Created|Changed|Removed)|RecordFailed)$/,
  },
};

export interface ObservedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** @returns what is wrong with a metric: unknown, other dimensions, or not about this stack */
export function metricProblem({ namespace, metricName, dimensions }: ObservedMetric): string | undefined {
  const names = Object.keys(dimensions).sort().join(",");
  if (!published[namespace]?.[names]?.test(metricName)) {
    return `${namespace} publishes no ${metricName} with dimensions ${names}`;
  }
  const known = new Set(observedStack.blocks.flatMap(namesOf));
  const unknown = Object.entries(dimensions).find(
    ([name, value]) => !known.has(value) && name !== "Operation" && !value.startsWith("${"),
  );
  if (unknown) return `${metricName}: ${unknown.join(" ")} is not in this stack`;
  for (const value of Object.values(dimensions)) if (value.startsWith("${")) observedStack.follow(value);
  return undefined;
}

function namesOf({ attributes }: Block): string[] {
  const variables = (attributes.environment as JsonObject | undefined)?.variables as JsonObject | undefined;
  return [
    attributes.name,
    attributes.stage_name,
    variables?.APPLICATION,
    variables?.ENVIRONMENT,
    variables?.POWERTOOLS_SERVICE_NAME,
  ].map((name) => `${name}`);
}
