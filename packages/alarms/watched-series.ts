import type { EvaluationWindow } from "./evaluation-window";
import type { MetricAlarm, MetricDataQuery, MetricStat } from "./metric-alarm";
import { evaluateExpression } from "./metric-math/evaluate-expression";
import { parseExpression } from "./metric-math/parse-expression";
import { isList, type Series, type Value } from "./metric-math/value";
import type { Sample } from "./sample";
import { sampleCount, statisticNamed } from "./statistic";
import { UnsupportedAlarmError } from "./unsupported-alarm-error";

/** The samples of a metric that may be older or newer than what is needed. */
export type SampleSource = (stat: MetricStat) => readonly Sample[];

/** What an alarm watches. */
export interface WatchedSeries {
  /** One value per period of the window; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
  /** How many samples each value is made of. Undefined for metric math. */
  readonly sampleCounts: readonly number[] | undefined;
}

/** The metrics whose samples an alarm needs. */
export function metricsOf(alarm: MetricAlarm): readonly MetricStat[] {
  if (!alarm.Metrics?.length) return [singleMetric(alarm)];
  return alarm.Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
}

/**
 * The length of an alarm's periods.
 * @throws UnsupportedAlarmError if the alarm has none, or if its metrics have different ones
 */
export function periodOf(alarm: MetricAlarm): number {
  const periods = new Set(metricsOf(alarm).map(({ Period }) => Period));
  const [period] = periods;
  if (periods.size !== 1 || !period) {
    throw new UnsupportedAlarmError(
      `all metrics of an alarm must have the same period, got ${[...periods].join(", ") || "none"}`,
    );
  }
  return period;
}

export function watchedSeries(
  alarm: MetricAlarm,
  window: EvaluationWindow,
  samples: SampleSource,
): WatchedSeries {
  if (!alarm.Metrics?.length) {
    const stat = singleMetric(alarm);
    const periods = byPeriod(samples(stat), stat, window);
    return { values: aggregated(periods, stat), sampleCounts: periods.map(sampleCount) };
  }
  const math = new MetricMath(alarm.Metrics, window, samples);
  return { values: math.watched().points, sampleCounts: undefined };
}

function singleMetric(alarm: MetricAlarm): MetricStat {
  const { Namespace, MetricName, Dimensions, Period, Unit, Statistic, ExtendedStatistic } = alarm;
  return {
    Metric: { Namespace, MetricName, Dimensions },
    Period,
    Unit,
    Stat: ExtendedStatistic ?? Statistic,
  };
}

/** Sorts samples into the window's periods. Only samples with the alarm's unit count, if it has one. */
function byPeriod(
  samples: readonly Sample[],
  { Unit }: MetricStat,
  window: EvaluationWindow,
): readonly Sample[][] {
  const length = window.periodSeconds * 1000;
  const matching = samples.filter(({ unit, sampleCount: count }) => count > 0 && (!Unit || unit === Unit));
  return window.starts.map((start) => matching.filter(({ at }) => at >= start && at < start + length));
}

function aggregated(
  periods: readonly (readonly Sample[])[],
  { Stat = "" }: MetricStat,
): readonly (number | undefined)[] {
  const statistic = statisticNamed(Stat);
  return periods.map((samples) => (samples.length === 0 ? undefined : statistic(samples)));
}

/** The metrics and expressions of an alarm, each evaluated once. */
class MetricMath {
  private readonly metrics = new Map<string, Series>();
  private readonly results = new Map<string, Value | "in progress">();

  constructor(
    private readonly queries: readonly MetricDataQuery[],
    private readonly window: EvaluationWindow,
    samples: SampleSource,
  ) {
    for (const { Id = "", MetricStat } of queries) {
      if (MetricStat) {
        this.metrics.set(Id, {
          points: aggregated(byPeriod(samples(MetricStat), MetricStat, window), MetricStat),
        });
      }
    }
  }

  watched(): Series {
    const returned = this.queries.filter(({ ReturnData = true }) => ReturnData);
    const [only] = returned;
    if (returned.length !== 1 || !only) {
      throw new UnsupportedAlarmError(
        `exactly one metric or expression of an alarm must have ReturnData, got ${returned.length}`,
      );
    }
    const value = this.lookUp(only.Id ?? "");
    if (typeof value !== "object" || isList(value)) {
      throw new UnsupportedAlarmError(
        `metric math: the alarm watches "${only.Id}", which must be a single time series`,
      );
    }
    return value;
  }

  private lookUp(id: string): Value | undefined {
    return this.metrics.get(id) ?? this.result(id);
  }

  private result(id: string): Value | undefined {
    const known = this.results.get(id);
    if (known === "in progress") throw new UnsupportedAlarmError(`metric math: "${id}" refers to itself`);
    const source = this.queries.find(({ Id }) => Id === id)?.Expression;
    if (known !== undefined || source === undefined) return known;
    this.results.set(id, "in progress");
    const { metrics, window } = this;
    const lookUp = (other: string) => this.lookUp(other);
    const value = evaluateExpression(parseExpression(source), { ...window, metrics, lookUp });
    this.results.set(id, value);
    return value;
  }
}
