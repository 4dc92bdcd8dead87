import type { AlarmState, MetricAlarm, TreatMissingData } from "./metric-alarm";
import type { Comparison } from "./threshold";

/** An evaluation to be explained. */
export interface Explained {
  readonly state: AlarmState;
  readonly previous: AlarmState;
  readonly comparison: Comparison;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
  /** The evaluated data points that exist, oldest first: EvaluationPeriods of them or fewer. */
  readonly datapoints: readonly EvaluatedDatapoint[];
}

export interface EvaluatedDatapoint {
  /** When the period begins, in milliseconds since the epoch. */
  readonly start: number;
  readonly value: number;
}

const treatments: Readonly<Record<TreatMissingData, string>> = {
  missing: "Missing",
  ignore: "Ignored",
  breaching: "Breaching",
  notBreaching: "NonBreaching",
};

/** Why an alarm has its state, in CloudWatch's words. Undocumented; copied from real alarms. */
export function stateReason(explained: Explained): string {
  const { state, datapoints, evaluationPeriods: periods } = explained;
  const missing = periods - datapoints.length;
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${missing} ${plural("datapoint", missing)} ${missing === 1 ? "was" : "were"} unknown.`;
  }
  const treated = `${missing} missing ${plural("datapoint", missing)} ${missing === 1 ? "was" : "were"} treated as [${treatments[explained.treatMissingData]}]`;
  if (datapoints.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${periods} ${plural("period", periods)} and ${treated}.`;
  }
  return `Threshold Crossed: ${crossed(explained)}${missing > 0 ? ` and ${treated}` : ""} ${transition(explained)}.`;
}

/** StateReasonData: what was evaluated, for programs. */
export function reasonData(
  alarm: MetricAlarm,
  {
    datapoints,
    comparison,
    at,
    periodSeconds,
  }: Explained & { readonly at: number; readonly periodSeconds: number },
): string {
  const [first] = datapoints;
  const statistic = alarm.ExtendedStatistic ?? alarm.Statistic;
  return JSON.stringify({
    version: "1.0",
    queryDate: timestamp(at),
    ...(first && { startDate: timestamp(first.start) }),
    ...(statistic && { statistic }),
    period: periodSeconds,
    recentDatapoints: datapoints.map(({ value }) => value),
    threshold: comparison.threshold,
    evaluatedDatapoints: datapoints
      .map(({ start, value }) => ({ timestamp: timestamp(start), value }))
      .reverse(),
  });
}

/** As CloudWatch writes it: `2026-01-31T10:00:00.000+0000`. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}

/** The data points on the state's side of the threshold, newest first. */
function crossed({ state, comparison, datapoints, evaluationPeriods }: Explained): string {
  const isAlarm = state === "ALARM";
  const shown = datapoints.filter(({ value }) => comparison.isBreaching(value) === isAlarm).reverse();
  const list = shown.map(({ start, value }) => `${decimal(value)} (${clock(start)})`).join(", ");
  const verb = `${shown.length === 1 ? "was" : "were"}${isAlarm ? "" : " not"}`;
  return `${shown.length} out of the last ${evaluationPeriods} datapoints [${list}] ${verb} ${comparison.words} the threshold (${decimal(comparison.threshold)})`;
}

function transition({ state, previous, evaluationPeriods, datapointsToAlarm }: Explained): string {
  const from = state === previous ? (state === "ALARM" ? "OK" : "ALARM") : previous;
  const minimum = state === "ALARM" ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  return `(minimum ${minimum} ${plural("datapoint", minimum)} for ${from} -> ${state} transition)`;
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** `1.0` rather than `1`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : `${value}`;
}

/** `31/01/26 10:00:00`. */
function clock(at: number): string {
  const [date = "", time = ""] = new Date(at).toISOString().split("T");
  const [year = "", month, day] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}
