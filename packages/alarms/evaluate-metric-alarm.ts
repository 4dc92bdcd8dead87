import { evaluationWindow } from "./evaluation-window";
import { percentOf } from "./extended-statistic";
import type { AlarmState, MetricAlarm, TreatMissingData } from "./metric-alarm";
import { stateOfDatapoints } from "./state-of-datapoints";
import { reasonData, stateReason } from "./state-reason";
import { comparisonOf } from "./threshold";
import { UnsupportedAlarmError } from "./unsupported-alarm-error";
import { periodOf, type SampleSource, type WatchedSeries, watchedSeries } from "./watched-series";

export interface Circumstances {
  /** The moment of the evaluation, in milliseconds since the epoch. */
  readonly at: number;
  /** The alarm's state until now. */
  readonly state: AlarmState;
  readonly samples: SampleSource;
}

export interface Evaluation {
  readonly state: AlarmState;
  /** In CloudWatch's words, for example `Threshold Crossed: 1 out of the last 1 datapoints [3.0 …`. */
  readonly reason: string;
  /** In JSON, as in StateReasonData. */
  readonly reasonData: string;
}

const treatments: readonly string[] = [
  "missing",
  "ignore",
  "breaching",
  "notBreaching",
] satisfies TreatMissingData[];

/**
 * Evaluates a metric alarm at a moment as CloudWatch documents it.
 * @throws UnsupportedAlarmError if CloudWatch would reject the alarm, or if the alarm needs something that this package
 * lacks
 */
export function evaluateMetricAlarm(alarm: MetricAlarm, { at, state, samples }: Circumstances): Evaluation {
  const evaluationPeriods = atLeastOne(alarm.EvaluationPeriods, "EvaluationPeriods");
  const datapointsToAlarm = atLeastOne(alarm.DatapointsToAlarm ?? evaluationPeriods, "DatapointsToAlarm");
  const treatMissingData = treatmentOf(alarm);
  if (alarm.EvaluationWindow?.WallClockWindow) {
    throw new UnsupportedAlarmError("EvaluationWindow: a wall clock window is not supported here");
  }
  const comparison = comparisonOf(alarm);
  const window = evaluationWindow(at, { periodSeconds: periodOf(alarm), evaluationPeriods });
  const watched = watchedSeries(alarm, window, samples);
  const rules = { evaluationPeriods, datapointsToAlarm, treatMissingData };
  const next = hasFewSamples(alarm, watched, evaluationPeriods)
    ? state
    : stateOfDatapoints(
        watched.values.map((value) => (value === undefined ? undefined : comparison.isBreaching(value))),
        state,
        rules,
      );
  const datapoints = window.starts
    .flatMap((start, index) => {
      const value = watched.values[index];
      return value === undefined ? [] : [{ start, value }];
    })
    .slice(-evaluationPeriods);
  const explained = { ...rules, comparison, datapoints, previous: state, state: next };
  return {
    state: next,
    reason: stateReason(explained),
    reasonData: reasonData(alarm, { ...explained, at, periodSeconds: window.periodSeconds }),
  };
}

/**
 * Alarms on one metric of DynamoDB ignore missing data, whatever they say: see TreatMissingData in
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function treatmentOf({ Namespace, TreatMissingData = "missing" }: MetricAlarm): TreatMissingData {
  if (!treatments.includes(TreatMissingData)) {
    throw new UnsupportedAlarmError(
      `TreatMissingData must be ${treatments.join(", ")}, got ${TreatMissingData}`,
    );
  }
  return Namespace === "AWS/DynamoDB" ? "ignore" : (TreatMissingData as TreatMissingData);
}

/**
 * Whether the alarm waits for more samples: a percentile needs 10 of them on its rarer side.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 */
function hasFewSamples(
  alarm: MetricAlarm,
  { sampleCounts = [] }: WatchedSeries,
  evaluationPeriods: number,
): boolean {
  const percent = percentOf(alarm.ExtendedStatistic ?? "") ?? 0;
  const rarerPercent = Math.min(percent, 100 - percent);
  if (alarm.EvaluateLowSampleCountPercentile !== "ignore" || rarerPercent === 0) return false;
  const count = sampleCounts.slice(-evaluationPeriods).reduce((total, samples) => total + samples, 0);
  return count * rarerPercent < 1_000;
}

function atLeastOne(value: number | undefined, name: string): number {
  if (value === undefined || value < 1)
    throw new UnsupportedAlarmError(`${name} must be at least 1, got ${value}`);
  return value;
}
