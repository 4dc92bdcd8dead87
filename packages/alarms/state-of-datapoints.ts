import type { AlarmState, TreatMissingData } from "./metric-alarm";

export interface DatapointRules {
  /** N. */
  readonly evaluationPeriods: number;
  /** M. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

/** One data point of the evaluation range: whether it breaches the threshold. Undefined if it is missing. */
export type Datapoint = boolean | undefined;

/**
 * Decides an alarm's state as CloudWatch documents it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 *
 * If the range has N data points, the latest N decide, however old they are. Otherwise all of them decide, together with
 * as many missing ones as it takes to make N.
 *
 * @param datapoints the evaluation range, oldest first, which is wider than N
 */
export function stateOfDatapoints(
  datapoints: readonly Datapoint[],
  current: AlarmState,
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: DatapointRules,
): AlarmState {
  const evaluated = datapoints.filter((datapoint) => datapoint !== undefined).slice(-evaluationPeriods);
  const missing = evaluationPeriods - evaluated.length;
  const breaching = evaluated.filter(Boolean).length;
  if (breaching >= datapointsToAlarm) return "ALARM";
  if (treatMissingData === "breaching") return breaching + missing >= datapointsToAlarm ? "ALARM" : "OK";
  if (treatMissingData === "notBreaching" || breaching < evaluated.length) return "OK";
  if (treatMissingData === "ignore") return current;
  if (evaluated.length === 0) return "INSUFFICIENT_DATA";
  // Too few data points, all breaching. The next one may not breach, so wait until the first is as old as M.
  const ageOfOldest = datapoints.length - datapoints.indexOf(true);
  return ageOfOldest >= datapointsToAlarm ? "ALARM" : current;
}
