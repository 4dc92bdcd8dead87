import { InvalidAlarmError } from "./invalid-alarm-error";
import type { MetricAlarm } from "./metric-alarm";
import { UnsupportedAlarmError } from "./unsupported-alarm-error";

export interface Comparison {
  /** For example `greater than`. */
  readonly words: string;
  readonly threshold: number;
  isBreaching(value: number): boolean;
}

type Breaches = (value: number, threshold: number) => boolean;

const operators = new Map<string, readonly [words: string, breaches: Breaches]>(
  Object.entries({
    GreaterThanThreshold: ["greater than", (value, threshold) => value > threshold],
    GreaterThanOrEqualToThreshold: ["greater than or equal to", (value, threshold) => value >= threshold],
    LessThanThreshold: ["less than", (value, threshold) => value < threshold],
    LessThanOrEqualToThreshold: ["less than or equal to", (value, threshold) => value <= threshold],
  }),
);

/** Operators of alarms on an anomaly detection band. */
const bandOperators: readonly string[] = [
  "LessThanLowerThreshold",
  "GreaterThanUpperThreshold",
  "LessThanLowerOrGreaterThanUpperThreshold",
];

/** @throws InvalidAlarmError if the alarm has no threshold, UnsupportedAlarmError if it is an anomaly detection band */
export function comparisonOf(alarm: MetricAlarm): Comparison {
  const { ComparisonOperator = "", Threshold: threshold, ThresholdMetricId } = alarm;
  if ((threshold === undefined) === (ThresholdMetricId === undefined))
    throw new InvalidAlarmError("exactly one of Threshold and ThresholdMetricId must be set");
  const allowed = ThresholdMetricId === undefined ? [...operators.keys()] : bandOperators;
  if (!allowed.includes(ComparisonOperator))
    throw new InvalidAlarmError(
      `ComparisonOperator must be one of ${allowed.join(", ")}, got ${ComparisonOperator || "none"}`,
    );
  const operator = operators.get(ComparisonOperator);
  if (!operator || threshold === undefined)
    throw new UnsupportedAlarmError("anomaly detection is not supported here");
  const [words, breaches] = operator;
  return { words, threshold, isBreaching: (value) => breaches(value, threshold) };
}
