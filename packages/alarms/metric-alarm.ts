/** An alarm's state, as CloudWatch names it. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export type TreatMissingData = "missing" | "ignore" | "breaching" | "notBreaching";

/** What identifies a metric. Its dimensions must match exactly: no other set of dimensions is the same metric. */
export interface Metric {
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?:
    | readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[]
    | undefined;
}

export interface MetricStat {
  readonly Metric?: Metric | undefined;
  /** In seconds. */
  readonly Period?: number | undefined;
  /** `Sum`, `p99`, `TM(2%:98%)` and so on. */
  readonly Stat?: string | undefined;
  /** @default samples of every unit */
  readonly Unit?: string | undefined;
}

/** A metric or an expression of an alarm on metric math. */
export interface MetricDataQuery {
  readonly Id?: string | undefined;
  readonly MetricStat?: MetricStat | undefined;
  readonly Expression?: string | undefined;
  readonly Label?: string | undefined;
  /** Whether this is what the alarm watches. Exactly one of its queries is. @default true */
  readonly ReturnData?: boolean | undefined;
}

/** The attributes of PutMetricAlarm that decide an alarm's state, with CloudWatch's names and defaults. */
export interface MetricAlarm extends Metric {
  readonly AlarmName?: string | undefined;
  readonly ComparisonOperator?: string | undefined;
  readonly Threshold?: number | undefined;
  /** Not supported here: a threshold that is an anomaly detection band. @default Threshold */
  readonly ThresholdMetricId?: string | undefined;
  /** N: how many of the latest periods are evaluated. */
  readonly EvaluationPeriods?: number | undefined;
  /** M: how many of them must breach. @default EvaluationPeriods */
  readonly DatapointsToAlarm?: number | undefined;
  /** @default "missing" */
  readonly TreatMissingData?: string | undefined;
  /** `ignore` keeps the state while a percentile has too few samples. @default "evaluate" */
  readonly EvaluateLowSampleCountPercentile?: string | undefined;
  /** In seconds. */
  readonly Period?: number | undefined;
  readonly Statistic?: string | undefined;
  readonly ExtendedStatistic?: string | undefined;
  readonly Unit?: string | undefined;
  /** Not supported here: a wall clock window. @default a sliding window */
  readonly EvaluationWindow?: { readonly WallClockWindow?: unknown } | undefined;
  /** Instead of one metric: metrics and expressions, one of which is watched. */
  readonly Metrics?: readonly MetricDataQuery[] | undefined;
}

/** The metrics whose samples an alarm needs. */
export function metricsOf(alarm: MetricAlarm): readonly MetricStat[] {
  if (alarm.Metrics?.length) return alarm.Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
  const { Namespace, MetricName, Dimensions, Period, Unit, Statistic, ExtendedStatistic } = alarm;
  return [
    {
      Metric: { Namespace, MetricName, Dimensions },
      Period,
      Unit,
      Stat: ExtendedStatistic ?? Statistic,
    },
  ];
}
