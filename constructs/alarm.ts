import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { AlarmTopic } from "./alarm-topic";
import { namingOf, physicalName } from "./naming";

export interface Metric {
  /** For example `AWS/Lambda`. */
  readonly namespace: string;
  readonly metricName: string;
  /** Exactly those that the service publishes the metric with: with another set an alarm never has data. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, or a percentile such as `p99`. */
  readonly statistic: string;
}

export interface AlarmProps {
  /** What it watches, and what it tolerates, for example `api-5xx-over-1-percent`: part of its name. */
  readonly tolerates: string;
  /** What it means and what to do first; the link to the runbook's entry is added. */
  readonly description: string;
  readonly topic: AlarmTopic;
  /** One metric, or several that are added up. */
  readonly metrics: readonly [Metric, ...Metric[]];
  /** @default GreaterThanThreshold */
  readonly comparison?: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Seconds of one period: 60, or a multiple of it. @default 60 */
  readonly periodSeconds?: number;
  /** How many periods are looked at. @default 1 */
  readonly periods?: number;
  /** How many of them must be beyond the threshold. @default all */
  readonly periodsToAlarm?: number;
  /** What a period without data counts as. */
  readonly missingData: "notBreaching" | "breaching" | "ignore";
}

/**
 * A CloudWatch alarm that acts: it tells its topic when it goes off and when it is over, and its description says what
 * to do and where the runbook goes on. The entry there has the alarm's id for a heading.
 */
export class Alarm extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { topic, periods = 1, periodSeconds = 60 } = props;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: physicalName(this, props.tolerates, 255),
      alarmDescription: `${props.description} Runbook: ${namingOf(this).repository}/blob/main/docs/runbook.md#${id}`,
      comparisonOperator: props.comparison ?? "GreaterThanThreshold",
      threshold: props.threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: props.periodsToAlarm ?? periods,
      treatMissingData: props.missingData,
      actionsEnabled: true,
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...observed(props.metrics, periodSeconds),
    });
    this.arn = alarm.arn;
  }
}

type Observed = Pick<
  CloudwatchMetricAlarmConfig,
  "namespace" | "metricName" | "dimensions" | "statistic" | "extendedStatistic" | "period" | "metricQuery"
>;

function observed(metrics: AlarmProps["metrics"], period: number): Observed {
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
