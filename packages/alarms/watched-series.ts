import type { EvaluationWindow } from "./evaluation-window";
import { InvalidAlarmError } from "./invalid-alarm-error";
import { type MetricAlarm, type MetricDataQuery, type MetricStat, metricsOf } from "./metric-alarm";
import { evaluateExpression } from "./metric-math/evaluate-expression";
import { invalidMath } from "./metric-math/invalid-math";
import { parseExpression } from "./metric-math/parse-expression";
import { isList, type Series, type Value } from "./metric-math/value";
import type { Sample } from "./sample";
import { sampleCount, statisticNamed } from "./statistic";
import { UnsupportedAlarmError } from "./unsupported-alarm-error";

/** Returns a metric's samples, which may reach beyond the window. */
export type SampleSource = (stat: MetricStat) => readonly Sample[];

/** What an alarm watches. */
export interface WatchedSeries {
  /** One value per period of the window; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
  /** How many samples each value is made of. Undefined for metric math. */
  readonly sampleCounts: readonly number[] | undefined;
}

/**
 * The length of an alarm's periods.
 * @throws UnsupportedAlarmError if its metrics have different ones, or if it has no metric
 */
export function periodOf(alarm: MetricAlarm): number {
  const periods = [...new Set(metricsOf(alarm).map(({ Period = 0 }) => Period))];
  const [period] = periods;
  if (period === undefined)
    throw new UnsupportedAlarmError("an alarm without a metric is not supported here");
  if (periods.length > 1)
    throw new UnsupportedAlarmError(
      `metrics with different periods in one alarm are not supported here, got ${periods.join(", ")}`,
    );
  if (period <= 0) throw new InvalidAlarmError(`Period must be positive, got ${period}`);
  return period;
}

export function watchedSeries(
  alarm: MetricAlarm,
  window: EvaluationWindow,
  samples: SampleSource,
): WatchedSeries {
  if (!alarm.Metrics?.length) {
    const [stat = {}] = metricsOf(alarm);
    const periods = byPeriod(samples(stat), stat, window);
    return { values: aggregated(periods, stat), sampleCounts: periods.map(sampleCount) };
  }
  const math = new MetricMath(alarm.Metrics, window, samples);
  return { values: math.watched().points, sampleCounts: undefined };
}

/** Sorts samples into the window's periods. Only samples with the alarm's unit count, if it has one. */
function byPeriod(
  samples: readonly Sample[],
  { Unit }: MetricStat,
  window: EvaluationWindow,
): readonly Sample[][] {
  const length = window.periodSeconds * 1000;
  const [first = 0] = window.starts;
  const periods: Sample[][] = window.starts.map(() => []);
  for (const sample of samples) {
    if (sample.sampleCount > 0 && (!Unit || sample.unit === Unit))
      periods[Math.floor((sample.at - first) / length)]?.push(sample);
  }
  return periods;
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
      throw new InvalidAlarmError(
        `exactly one metric or expression of an alarm must have ReturnData, got ${returned.length}`,
      );
    }
    // CloudWatch checks every expression, even one that nothing uses.
    for (const { Id = "" } of this.queries) this.lookUp(Id);
    const value = this.lookUp(only.Id ?? "");
    if (typeof value !== "object" || isList(value)) {
      throw invalidMath(`the alarm watches "${only.Id}", which must be a single time series`);
    }
    return value;
  }

  private lookUp(id: string): Value | undefined {
    return this.metrics.get(id) ?? this.result(id);
  }

  private result(id: string): Value | undefined {
    const known = this.results.get(id);
    if (known === "in progress") throw invalidMath(`"${id}" refers to itself`);
    const source = this.queries.find(({ Id }) => Id === id)?.Expression;
    if (known !== undefined || source === undefined) return known;
    if (/^\s*SELECT\s/i.test(source))
      throw new UnsupportedAlarmError("Metrics Insights queries are not supported here");
    this.results.set(id, "in progress");
    const { metrics, window } = this;
    const lookUp = (other: string) => this.lookUp(other);
    const value = evaluateExpression(parseExpression(source), { ...window, metrics, lookUp });
    this.results.set(id, value);
    return value;
  }
}
