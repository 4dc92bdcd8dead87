import { datapointRulesOf } from "./datapoint-rules";
import { evaluationWindow } from "./evaluation-window";
import { percentOf } from "./extended-statistic";
import type { AlarmState, MetricAlarm } from "./metric-alarm";
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

/**
 * Evaluates a metric alarm at a moment as CloudWatch documents it.
 * @throws InvalidAlarmError if the alarm cannot be evaluated because validateMetricAlarm rejects it, UnsupportedAlarmError if
 * it needs something that this package lacks
 */
export function evaluateMetricAlarm(alarm: MetricAlarm, { at, state, samples }: Circumstances): Evaluation {
  const rules = datapointRulesOf(alarm);
  const { evaluationPeriods } = rules;
  if (alarm.EvaluationWindow?.WallClockWindow) {
    throw new UnsupportedAlarmError("EvaluationWindow: a wall clock window is not supported here");
  }
  const comparison = comparisonOf(alarm);
  const window = evaluationWindow(at, { periodSeconds: periodOf(alarm), evaluationPeriods });
  const watched = watchedSeries(alarm, window, samples);
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
 * Whether the alarm waits for more samples: a percentile needs 10 samples beyond it. TreatMissingData decides if there is
 * none at all.
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
  // 100 - 99.9 is a little less than 0.1.
  const needed = Math.ceil(Number((1_000 / rarerPercent).toFixed(6)));
  const evaluated = sampleCounts.filter((count) => count > 0).slice(-evaluationPeriods);
  const count = evaluated.reduce((total, samples) => total + samples, 0);
  return count > 0 && count < needed;
}
