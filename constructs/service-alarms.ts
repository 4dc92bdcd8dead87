import { Construct } from "constructs";
import type { AccessLogDelivery } from "./access-log-delivery";
import { Alarm, type AlarmProps, type Metric } from "./alarm";
import type { AlarmTopic } from "./alarm-topic";
import type { DeadLetterQueue } from "./dead-letter-queue";
import { type ItemsTable, tableOperations } from "./items-table";
import type { RestApi } from "./rest-api";
import type { ServiceFunction } from "./service-function";

/** Alarm thresholds. An alarm fires when its metric is above the threshold. */
export interface AlarmThresholds {
  /** Share of requests in a minute that get a 5xx response, 0 to 100 %. Fires if three of five minutes exceed it. */
  readonly apiErrorPercent: number;
  /** p99 latency as callers see it, 1 to 29,000 milliseconds. Fires if three of five minutes exceed it. */
  readonly apiLatencyMs: number;
  /** Failed invocations of one function in five minutes, 0 or more. */
  readonly functionErrors: number;
  /** p99 duration of a function as a share of its timeout, 1 to 100 %. Fires if three of five minutes exceed it. */
  readonly functionDurationPercent: number;
  /**
   * Share of its reserved concurrency that a function uses, 1 to 100 %. Fires if three of five minutes exceed it. A
   * function that reserves nothing has no such alarm.
   */
  readonly functionConcurrencyPercent: number;
  /**
   * Age of a change when the stream function receives it, 1,000 to 86,400,000 milliseconds (24 hours, after which the
   * change is lost). Fires if three of five minutes exceed it.
   */
  readonly streamAgeMs: number;
  /** Time that the access log takes to reach its bucket, 301 to 86,400 seconds. Must exceed Firehose's buffering time. */
  readonly deliveryAgeSeconds: number;
}

export interface ServiceAlarmsProps {
  readonly topic: AlarmTopic;
  readonly thresholds: AlarmThresholds;
  readonly api: RestApi;
  /** By the prefix of their alarms' ids, for example `api-function`. */
  readonly functions: Readonly<Record<string, ServiceFunction>>;
  readonly streamFunction: ServiceFunction;
  readonly table: ItemsTable;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly delivery: AccessLogDelivery;
}

/** Every alarm of one environment. There is an alarm only where somebody can act on it. */
export class ServiceAlarms extends Construct {
  readonly arns: readonly string[];
  private readonly alarms: Alarm[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceAlarmsProps,
  ) {
    super(scope, id);
    this.watchApi();
    for (const [name, target] of Object.entries(props.functions)) this.watchFunction(name, target);
    this.watchStream();
    this.watchQueue();
    this.watchTable();
    this.watchDelivery();
    this.arns = this.alarms.map(({ arn }) => arn);
  }

  private watchApi(): void {
    const { api, thresholds } = this.props;
    const metric = (metricName: string, statistic: string): Metric => ({
      namespace: "AWS/ApiGateway",
      metricName,
      dimensions: { ApiName: api.name, Stage: api.stage.name },
      statistic,
    });
    this.alarm("api-5xx", {
      description: "Callers get 5xx responses. Check the API function's log for errors first.",
      // API Gateway records 1 for a 5xx and 0 for any other response, so the average is the share.
      metrics: [metric("5XXError", "Average")],
      threshold: thresholds.apiErrorPercent / 100,
      periods: 5,
      periodsToAlarm: 3,
      missingData: "notBreaching",
    });
    this.alarm("api-latency", {
      description:
        "The slowest 1% of requests take too long. Check the table's latency and cold starts first.",
      metrics: [metric("Latency", "p99")],
      threshold: thresholds.apiLatencyMs,
      periods: 5,
      periodsToAlarm: 3,
      missingData: "notBreaching",
    });
  }

  private watchFunction(name: string, target: ServiceFunction): void {
    const { thresholds } = this.props;
    // For the whole function, so invocations that bypass the alias count too.
    const metric = (metricName: string, statistic: string): Metric => ({
      namespace: "AWS/Lambda",
      metricName,
      dimensions: { FunctionName: target.name },
      statistic,
    });
    this.alarm(`${name}-errors`, {
      description: "Invocations fail. Check the function's log for level ERROR first.",
      metrics: [metric("Errors", "Sum")],
      threshold: thresholds.functionErrors,
      periodSeconds: 300,
      missingData: "notBreaching",
    });
    this.alarm(`${name}-duration`, {
      description:
        "Invocations come close to their timeout. Find the slow call in the function's traces first.",
      metrics: [metric("Duration", "p99")],
      threshold: (target.timeoutSeconds * 1000 * thresholds.functionDurationPercent) / 100,
      periods: 5,
      periodsToAlarm: 3,
      missingData: "notBreaching",
    });
    this.alarm(`${name}-throttles`, {
      description:
        "Lambda throttles invocations. First compare the function's concurrency with what it reserves, or with the account's quota.",
      metrics: [metric("Throttles", "Sum")],
      threshold: 0,
      periods: 3,
      periodsToAlarm: 2,
      missingData: "notBreaching",
    });
    if (target.reservedConcurrency === undefined) return;
    this.alarm(`${name}-concurrency`, {
      description:
        "The function is close to being throttled. Check whether traffic has grown or calls have become slower first.",
      metrics: [metric("ConcurrentExecutions", "Maximum")],
      threshold: (target.reservedConcurrency * thresholds.functionConcurrencyPercent) / 100,
      periods: 5,
      periodsToAlarm: 3,
      missingData: "notBreaching",
    });
  }

  private watchStream(): void {
    const { streamFunction, thresholds } = this.props;
    this.alarm("stream-age", {
      description:
        "Item changes are published late; after 24 hours they are lost. Check the stream function's errors first.",
      metrics: [
        {
          namespace: "AWS/Lambda",
          metricName: "IteratorAge",
          dimensions: { FunctionName: streamFunction.name },
          statistic: "Maximum",
        },
      ],
      threshold: thresholds.streamAgeMs,
      periods: 5,
      periodsToAlarm: 3,
      missingData: "notBreaching",
    });
  }

  private watchQueue(): void {
    this.alarm("dead-letter-queue-depth", {
      description:
        "An event or a range of the stream failed for good. It is kept for at most 14 days. Read a message (without deleting it) first.",
      metrics: [
        {
          namespace: "AWS/SQS",
          metricName: "ApproximateNumberOfMessagesVisible",
          dimensions: { QueueName: this.props.deadLetterQueue.name },
          statistic: "Maximum",
        },
      ],
      threshold: 0,
      // SQS stops publishing a queue's metrics after six hours without activity, while its messages are still there.
      missingData: "ignore",
    });
  }

  private watchTable(): void {
    const { name } = this.props.table;
    const events = (metricName: string): Metric => ({
      namespace: "AWS/DynamoDB",
      metricName,
      dimensions: { TableName: name },
      statistic: "Sum",
    });
    this.alarm("table-throttles", {
      description: "DynamoDB throttles reads or writes. Check whether one id gets most of the traffic first.",
      metrics: [events("ReadThrottleEvents"), events("WriteThrottleEvents")],
      threshold: 0,
      periods: 5,
      periodsToAlarm: 2,
      missingData: "notBreaching",
    });
    const [first, ...others] = tableOperations.map((operation) => ({
      ...events("SystemErrors"),
      // Published per operation, and with no other dimensions.
      dimensions: { TableName: name, Operation: operation },
    }));
    if (!first) throw new Error("the table has no operation");
    this.alarm("table-system-errors", {
      description: "DynamoDB returns 5xx errors. Check the AWS Health Dashboard first.",
      metrics: [first, ...others],
      threshold: 0,
      periods: 5,
      periodsToAlarm: 2,
      missingData: "notBreaching",
    });
  }

  private watchDelivery(): void {
    const { delivery, thresholds } = this.props;
    const metric = (metricName: string, statistic: string): Metric => ({
      namespace: "AWS/Firehose",
      metricName,
      dimensions: { DeliveryStreamName: delivery.streamName },
      statistic,
    });
    this.alarm("delivery-age", {
      description: "The access log reaches its bucket late. Check the delivery's error log first.",
      metrics: [metric("DeliveryToS3.DataFreshness", "Maximum")],
      threshold: thresholds.deliveryAgeSeconds,
      periodSeconds: 300,
      missingData: "notBreaching",
    });
    this.alarm("delivery-failures", {
      description: "Firehose cannot write the access log. Check its role and the bucket's policy first.",
      metrics: [metric("DeliveryToS3.Success", "Average")],
      comparison: "LessThanThreshold",
      threshold: 1,
      periodSeconds: 300,
      missingData: "notBreaching",
    });
  }

  private alarm(id: string, props: Omit<AlarmProps, "topic">): void {
    this.alarms.push(new Alarm(this, id, { ...props, topic: this.props.topic }));
  }
}
