import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { AccessLogDelivery } from "./access-log-delivery";
import type { DeadLetterQueue } from "./dead-letter-queue";
import { type ItemsTable, tableOperations } from "./items-table";
import { namingOf, physicalName } from "./naming";
import type { RestApi } from "./rest-api";
import type { ServiceAlarms } from "./service-alarms";
import type { ServiceFunction } from "./service-function";

export interface DashboardProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** Region of the metrics. */
  readonly region: string;
  readonly api: RestApi;
  readonly functions: readonly ServiceFunction[];
  readonly streamFunction: ServiceFunction;
  readonly table: ItemsTable;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly delivery: AccessLogDelivery;
  readonly alarms: ServiceAlarms;
  /** Names of the functions' own metrics. Each graph shows the count per period. */
  readonly businessMetrics: readonly string[];
}

/** A metric in CloudWatch's dashboard format: `[namespace, metric, dimension, value, …, options]`. */
type Line = readonly (string | { readonly stat?: string; readonly label?: string })[];

/** CloudWatch's grid has 24 columns. */
const width = 6;
const height = 6;
const perRow = 4;

/**
 * A CloudWatch dashboard to read from top to bottom: alarms, the four golden signals (latency, traffic, errors,
 * saturation), each part of the service, and business metrics last.
 */
export class Dashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: DashboardProps,
  ) {
    super(scope, id);
    const sections: readonly (readonly [title: string, graphs: readonly object[]])[] = [
      ["Golden signals: latency, traffic, errors, saturation", this.goldenSignals()],
      ["API", this.apiGraphs()],
      ["Functions", props.functions.flatMap((target) => this.functionGraphs(target))],
      ["Table, stream, dead letters and delivery", this.dataGraphs()],
      ["Business", props.businessMetrics.map((name) => this.businessGraph(name))],
    ];
    const widgets: object[] = [
      place(0, 0, 24, 3, "alarm", { title: "Alarms", alarms: props.alarms.arns }),
      place(0, 3, 24, 1, "text", {
        markdown: `What to do: [runbook](${namingOf(this).repository}/blob/main/docs/runbook.md)`,
      }),
    ];
    let y = 4;
    for (const [title, graphs] of sections) {
      widgets.push(place(0, y, 24, 1, "text", { markdown: `## ${title}` }));
      y += 1;
      for (const [index, properties] of graphs.entries()) {
        const row = Math.floor(index / perRow);
        widgets.push(place((index % perRow) * width, y + row * height, width, height, "metric", properties));
      }
      y += Math.ceil(graphs.length / perRow) * height;
    }
    const dashboard = new CloudwatchDashboard(this, "dashboard", {
      dashboardName: physicalName(this, props.name, 255),
      dashboardBody: JSON.stringify({ start: "-PT3H", periodOverride: "inherit", widgets }),
    });
    promise(dashboard, "it shows what operators look for", ["dashboard_name", "dashboard_body"]);
  }

  private goldenSignals(): readonly object[] {
    const { functions } = this.props;
    return [
      this.graph("Latency: p50, p90, p99", "ms", [
        this.apiLine("Latency", "p50"),
        this.apiLine("Latency", "p90"),
        this.apiLine("Latency", "p99"),
      ]),
      this.graph("Traffic: requests a minute", "requests", [this.apiLine("Count", "Sum")]),
      this.graph("Errors: 4xx and 5xx responses", "answers", [
        this.apiLine("4XXError", "Sum"),
        this.apiLine("5XXError", "Sum"),
      ]),
      this.graph(
        "Saturation: concurrent executions",
        "executions",
        functions.map((target) => lambdaLine(target, "ConcurrentExecutions", "Maximum")),
      ),
    ];
  }

  private apiGraphs(): readonly object[] {
    return [
      this.graph("Where the time goes: p99", "ms", [
        this.apiLine("Latency", "p99"),
        this.apiLine("IntegrationLatency", "p99"),
      ]),
      this.graph("Share of errors", "of 1", [
        this.apiLine("4XXError", "Average"),
        this.apiLine("5XXError", "Average"),
      ]),
    ];
  }

  private functionGraphs(target: ServiceFunction): readonly object[] {
    return [
      this.graph(`${target.label}: invocations`, "invocations", [
        lambdaLine(target, "Invocations", "Sum"),
        lambdaLine(target, "Errors", "Sum"),
        lambdaLine(target, "Throttles", "Sum"),
      ]),
      this.graph(`${target.label}: duration`, "ms", [
        lambdaLine(target, "Duration", "p50"),
        lambdaLine(target, "Duration", "p99"),
      ]),
    ];
  }

  private dataGraphs(): readonly object[] {
    const { table, deadLetterQueue, delivery, streamFunction } = this.props;
    const ofTable = (metric: string, stat: string): Line => [
      "AWS/DynamoDB",
      metric,
      "TableName",
      table.name,
      { stat },
    ];
    return [
      this.graph("Table: consumed capacity", "units", [
        ofTable("ConsumedReadCapacityUnits", "Sum"),
        ofTable("ConsumedWriteCapacityUnits", "Sum"),
        ofTable("ReadThrottleEvents", "Sum"),
        ofTable("WriteThrottleEvents", "Sum"),
      ]),
      this.graph(
        "Table: latency of each operation, p99",
        "ms",
        tableOperations.map((operation) => [
          "AWS/DynamoDB",
          "SuccessfulRequestLatency",
          "TableName",
          table.name,
          "Operation",
          operation,
          { stat: "p99" },
        ]),
      ),
      this.graph("Stream: age of the oldest change", "ms", [
        lambdaLine(streamFunction, "IteratorAge", "Maximum"),
      ]),
      this.graph("Waiting dead letters", "messages", [
        [
          "AWS/SQS",
          "ApproximateNumberOfMessagesVisible",
          "QueueName",
          deadLetterQueue.name,
          { stat: "Maximum" },
        ],
      ]),
      this.graph("Delivery of the access log: age", "s", [
        [
          "AWS/Firehose",
          "DeliveryToS3.DataFreshness",
          "DeliveryStreamName",
          delivery.streamName,
          { stat: "Maximum" },
        ],
      ]),
    ];
  }

  /** The dimensions of a function's own metrics are its name, the application and the environment. */
  private businessGraph(name: string): object {
    const { application, environment } = namingOf(this);
    const lines = this.props.functions.map(
      (target): Line => [
        namingOf(this).metricsNamespace,
        name,
        "application",
        application,
        "environment",
        environment,
        "service",
        target.label,
        { stat: "Sum", label: target.label },
      ],
    );
    return this.graph(name, "times", lines);
  }

  private apiLine(metric: string, stat: string): Line {
    const { api } = this.props;
    return [
      "AWS/ApiGateway",
      metric,
      "ApiName",
      api.name,
      "Stage",
      api.stage.name,
      { stat, label: `${metric} ${stat}` },
    ];
  }

  private graph(title: string, label: string, metrics: readonly Line[]): object {
    return {
      title,
      region: this.props.region,
      view: "timeSeries",
      stacked: false,
      period: 60,
      yAxis: { left: { min: 0, label, showUnits: false } },
      metrics,
    };
  }
}

function lambdaLine(target: ServiceFunction, metric: string, stat: string): Line {
  return [
    "AWS/Lambda",
    metric,
    "FunctionName",
    target.name,
    { stat, label: `${target.label} ${metric} ${stat}` },
  ];
}

function place(x: number, y: number, columns: number, rows: number, type: string, properties: object) {
  return { type, x, y, width: columns, height: rows, properties };
}
