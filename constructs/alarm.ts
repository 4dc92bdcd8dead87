import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { AlarmTopic } from "./alarm-topic";
import { namingOf, physicalName } from "./naming";

export interface Metric {
  /** For example `AWS/Lambda`. */
  readonly namespace: string;
  readonly metricName: string;
  /** Exactly the set that the service publishes the metric with. With any other set, an alarm never gets data. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, or a percentile such as `p99`. */
  readonly statistic: string;
}

export interface AlarmProps {
  /** What the alarm means and what to do first. A link to its runbook entry is appended. */
  readonly description: string;
  readonly topic: AlarmTopic;
  /** One metric, or several that are summed. */
  readonly metrics: readonly [Metric, ...Metric[]];
  /** @default GreaterThanThreshold */
  readonly comparison?: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Length of a period: 60 seconds or a multiple of it. @default 60 */
  readonly periodSeconds?: number;
  /** How many of the latest periods are evaluated. @default 1 */
  readonly periods?: number;
  /** How many of them must breach the threshold. @default all */
  readonly periodsToAlarm?: number;
  /** How a period without data is treated. */
  readonly missingData: "notBreaching" | "breaching" | "ignore";
}

/**
 * A CloudWatch alarm that notifies its topic when it fires and when it recovers. Its construct id says what it watches, and
 * is part of its name: a name with the threshold would replace the alarm, and lose its history, whenever it is tuned. Its
 * description says what to do first and links to its entry in the runbook, whose heading is the construct id.
 */
export class Alarm extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { topic, periods = 1, periodSeconds = 60 } = props;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: physicalName(this, id, 255),
      alarmDescription: `${props.description} Runbook: ${namingOf(this).repository}/blob/main/docs/runbook.md#${id}`,
      comparisonOperator: props.comparison ?? "GreaterThanThreshold",
      threshold: props.threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: props.periodsToAlarm ?? periods,
      treatMissingData: props.missingData,
      actionsEnabled: true,
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...metricAttributes(props.metrics, periodSeconds),
    });
    promise(alarm, "somebody is told when its metric says so", [
      "alarm_name",
      "alarm_description",
      "comparison_operator",
      "threshold",
      "evaluation_periods",
      "datapoints_to_alarm",
      "treat_missing_data",
      "actions_enabled",
      "alarm_actions",
      "ok_actions",
      "namespace",
      "metric_name",
      "dimensions",
      "statistic",
      "extended_statistic",
      "period",
      "metric_query",
    ]);
    this.arn = alarm.arn;
  }
}

type MetricAttributes = Pick<
  CloudwatchMetricAlarmConfig,
  "namespace" | "metricName" | "dimensions" | "statistic" | "extendedStatistic" | "period" | "metricQuery"
>;

function metricAttributes(metrics: AlarmProps["metrics"], period: number): MetricAttributes {
  const [{ namespace, metricName, dimensions, statistic }] = metrics;
  if (metrics.length === 1) {
    const isPercentile = statistic.startsWith("p");
    return {
      namespace,
      metricName,
      dimensions,
      period,
      ...(isPercentile ? { extendedStatistic: statistic } : { statistic }),
    };
  }
  const terms = metrics.map((_, index) => `FILL(m${index}, 0)`);
  return {
    metricQuery: [
      { id: "total", expression: terms.join(" + "), label: "Total", returnData: true },
      ...metrics.map((metric, index) => ({
        id: `m${index}`,
        metric: {
          namespace: metric.namespace,
          metricName: metric.metricName,
          dimensions: metric.dimensions,
          period,
          stat: metric.statistic,
        },
      })),
    ],
  };
}
