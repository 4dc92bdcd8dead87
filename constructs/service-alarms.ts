import { Construct } from "constructs";
import type { AccessLogDelivery } from "./access-log-delivery";
import { Alarm, type AlarmProps, type Metric } from "./alarm";
import type { AlarmTopic } from "./alarm-topic";
import type { DeadLetterQueue } from "./dead-letter-queue";
import { type ItemsTable, tableOperations } from "./items-table";
import type { RestApi } from "./rest-api";
import type { ServiceFunction } from "./service-function";

/** What is tolerated before somebody is woken. */
export interface AlarmThresholds {
  /** Share of requests that are answered 5xx in a minute, three times within five minutes: 0 to 100 %. */
  readonly apiErrorPercent: number;
  /** What the slowest hundredth of requests may take, from the caller's view, in milliseconds, up to 29,000. */
  readonly apiLatencyMs: number;
  /** Invocations of one function that may fail in five minutes, 0 or more. */
  readonly functionErrors: number;
  /** Share of its timeout that a function's slowest hundredth of invocations may take: 1 to 100 %. */
  readonly functionDurationPercent: number;
  /** Share of its reserved concurrency that a function may use: 1 to 100 %. */
  readonly functionConcurrencyPercent: number;
  /** How old a change may be when the stream function gets it, in milliseconds, up to 86,400,000, when it is lost. */
  readonly streamAgeMs: number;
  /** How long a line of the access log may take to its bucket, in seconds; more than the delivery's buffering. */
  readonly deliveryAgeSeconds: number;
}

export interface ServiceAlarmsProps {
  readonly topic: AlarmTopic;
  readonly thresholds: AlarmThresholds;
  readonly api: RestApi;
  /** Each by the id that its alarms have, for example `api-function`. */
  readonly functions: Readonly<Record<string, ServiceFunction>>;
  readonly streamFunction: ServiceFunction;
  readonly table: ItemsTable;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly delivery: AccessLogDelivery;
}

/** Every alarm of one environment. What nobody can act on has none. */
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
      tolerates: `api-5xx-over-${thresholds.apiErrorPercent}-percent`,
      description: "Callers are answered 5xx. Look at the API function's errors in the log first.",
      // API Gateway counts 1 for a 5xx and 0 for any other answer: the average is the share.
      metrics: [metric("5XXError", "Average")],
      threshold: thresholds.apiErrorPercent / 100,
      periods: 5,
      periodsToAlarm: 3,
      missingData: "notBreaching",
    });
    this.alarm("api-latency", {
      tolerates: `api-p99-over-${thresholds.apiLatencyMs}-ms`,
      description:
        "The slowest hundredth of requests takes too long. Look at the table's latency and at cold starts first.",
      metrics: [metric("Latency", "p99")],
      threshold: thresholds.apiLatencyMs,
      periods: 5,
      periodsToAlarm: 3,
      missingData: "notBreaching",
    });
  }

  private watchFunction(name: string, target: ServiceFunction): void {
    const { thresholds } = this.props;
    // Of the whole function: what is called past the alias counts, too.
    const metric = (metricName: string, statistic: string): Metric => ({
      namespace: "AWS/Lambda",
      metricName,
      dimensions: { FunctionName: target.name },
      statistic,
    });
    this.alarm(`${name}-errors`, {
      tolerates: `${name}-errors-over-${thresholds.functionErrors}`,
      description: "Invocations fail. Look at the function's log for level ERROR first.",
      metrics: [metric("Errors", "Sum")],
      threshold: thresholds.functionErrors,
      periodSeconds: 300,
      missingData: "notBreaching",
    });
    this.alarm(`${name}-duration`, {
      tolerates: `${name}-p99-over-${thresholds.functionDurationPercent}-percent-of-timeout`,
      description:
        "Invocations come close to their timeout. Look at what the function waits for, in its traces, first.",
      metrics: [metric("Duration", "p99")],
      threshold: (target.timeoutSeconds * 1000 * thresholds.functionDurationPercent) / 100,
      periods: 5,
      periodsToAlarm: 3,
      missingData: "notBreaching",
    });
    this.alarm(`${name}-throttles`, {
      tolerates: `${name}-throttles-over-0`,
      description:
        "Lambda refuses invocations. Compare the function's concurrency with what is reserved first.",
      metrics: [metric("Throttles", "Sum")],
      threshold: 0,
      periods: 3,
      periodsToAlarm: 2,
      missingData: "notBreaching",
    });
    this.alarm(`${name}-concurrency`, {
      tolerates: `${name}-concurrency-over-${thresholds.functionConcurrencyPercent}-percent-of-reserved`,
      description:
        "The function is about to be throttled. Look whether traffic has grown or calls have slowed down first.",
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
      tolerates: `stream-age-over-${thresholds.streamAgeMs}-ms`,
      description:
        "Changes of items are published late; after 24 hours they are lost. Look at the stream function's errors first.",
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
      tolerates: "dlq-messages-over-0",
      description:
        "An event or a range of the stream failed for good and waits, 14 days at most. Read a message, without deleting it, first.",
      metrics: [
        {
          namespace: "AWS/SQS",
          metricName: "ApproximateNumberOfMessagesVisible",
          dimensions: { QueueName: this.props.deadLetterQueue.name },
          statistic: "Maximum",
        },
      ],
      threshold: 0,
      // SQS stops reporting on a queue that nobody has touched for six hours: what waits in it still waits.
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
      tolerates: "table-throttles-over-0",
      description: "DynamoDB refuses reads or writes. Look for one id that has most of the traffic first.",
      metrics: [events("ReadThrottleEvents"), events("WriteThrottleEvents")],
      threshold: 0,
      periods: 5,
      periodsToAlarm: 2,
      missingData: "notBreaching",
    });
    const [first, ...others] = tableOperations.map((operation) => ({
      ...events("SystemErrors"),
      // Published by operation, and by no other dimensions.
      dimensions: { TableName: name, Operation: operation },
    }));
    if (!first) throw new Error("the table has no operation");
    this.alarm("table-system-errors", {
      tolerates: "table-system-errors-over-0",
      description: "DynamoDB answers 5xx. Look at AWS's health dashboard first.",
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
      tolerates: `delivery-age-over-${thresholds.deliveryAgeSeconds}-s`,
      description: "The access log comes late to its bucket. Look at the delivery's own error log first.",
      metrics: [metric("DeliveryToS3.DataFreshness", "Maximum")],
      threshold: thresholds.deliveryAgeSeconds,
      periodSeconds: 300,
      missingData: "notBreaching",
    });
    this.alarm("delivery-failures", {
      tolerates: "delivery-success-below-1",
      description: "Firehose cannot write the access log. Look at its role and the bucket's policy first.",
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
