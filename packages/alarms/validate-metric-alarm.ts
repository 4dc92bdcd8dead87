import { datapointRulesOf } from "./datapoint-rules";
import { evaluateMetricAlarm } from "./evaluate-metric-alarm";
import { InvalidAlarmError } from "./invalid-alarm-error";
import { type MetricAlarm, type MetricDataQuery, type MetricStat, metricsOf } from "./metric-alarm";
import { isSimpleStatistic } from "./statistic";

const day = 86_400;
const week = 7 * day;

/**
 * Rejects what CloudWatch rejects when an alarm is put.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 * @throws InvalidAlarmError if CloudWatch rejects the alarm, UnsupportedAlarmError if this package cannot evaluate it
 */
export function validateMetricAlarm(alarm: MetricAlarm): void {
  const { evaluationPeriods } = datapointRulesOf(alarm);
  const { EvaluateLowSampleCountPercentile: lowSamples = "evaluate" } = alarm;
  if (lowSamples !== "evaluate" && lowSamples !== "ignore")
    throw new InvalidAlarmError(
      `EvaluateLowSampleCountPercentile must be evaluate or ignore, got ${lowSamples}`,
    );
  if (alarm.Metrics?.length) validateQueries(alarm, alarm.Metrics);
  else validateSingleMetric(alarm);
  for (const stat of metricsOf(alarm)) validateStat(stat, evaluationPeriods);
  // Finds what is wrong with statistics and expressions: their types do not depend on data.
  evaluateMetricAlarm(alarm, { at: 0, state: "OK", samples: () => [] });
}

function validateSingleMetric({ Statistic, ExtendedStatistic }: MetricAlarm): void {
  if ((Statistic === undefined) === (ExtendedStatistic === undefined))
    throw new InvalidAlarmError(
      "exactly one of Statistic and ExtendedStatistic must be set for an alarm on one metric",
    );
  if (Statistic !== undefined && !isSimpleStatistic(Statistic))
    throw new InvalidAlarmError(
      `Statistic must be SampleCount, Average, Sum, Minimum or Maximum, got ${Statistic}`,
    );
  if (ExtendedStatistic !== undefined && isSimpleStatistic(ExtendedStatistic))
    throw new InvalidAlarmError(`${ExtendedStatistic} must be set as Statistic, not as ExtendedStatistic`);
}

function validateQueries(alarm: MetricAlarm, queries: readonly MetricDataQuery[]): void {
  const single = (["MetricName", "Namespace", "Period", "Statistic", "ExtendedStatistic"] as const).filter(
    (name) => alarm[name] !== undefined,
  );
  if (single.length > 0 || alarm.Dimensions?.length)
    throw new InvalidAlarmError(
      `an alarm on Metrics must not set ${single.join(", ") || "Dimensions"}: set it in Metrics instead`,
    );
  const ids = new Set<string>();
  for (const { Id = "", MetricStat, Expression } of queries) {
    if (!/^[a-z]\w*$/.test(Id))
      throw new InvalidAlarmError(
        `an Id in Metrics must begin with a lower-case letter, and have letters, digits and underscores only, got "${Id}"`,
      );
    if (ids.has(Id)) throw new InvalidAlarmError(`each Id in Metrics must be unique, got "${Id}" twice`);
    ids.add(Id);
    if ((MetricStat === undefined) === (Expression === undefined))
      throw new InvalidAlarmError(`exactly one of MetricStat and Expression must be set for "${Id}"`);
  }
}

function validateStat({ Metric, Period = 0 }: MetricStat, evaluationPeriods: number): void {
  if (!Metric?.MetricName || !Metric.Namespace)
    throw new InvalidAlarmError("a metric of an alarm must have a MetricName and a Namespace");
  if (![10, 20, 30].includes(Period) && (Period < 60 || Period % 60 !== 0))
    throw new InvalidAlarmError(`Period must be 10, 20, 30 or a multiple of 60, got ${Period}`);
  const longest = Period < 3_600 ? day : week;
  if (Period * evaluationPeriods > longest)
    throw new InvalidAlarmError(
      `EvaluationPeriods * Period must be at most ${longest} seconds for periods of ${Period < 3_600 ? "less than an hour" : "an hour or more"}, got ${Period * evaluationPeriods}`,
    );
}
