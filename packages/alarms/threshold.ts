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

/** @throws UnsupportedAlarmError if the alarm is not on a fixed threshold */
export function comparisonOf({ ComparisonOperator = "", Threshold: threshold }: MetricAlarm): Comparison {
  const operator = operators.get(ComparisonOperator);
  if (!operator || threshold === undefined) {
    throw new UnsupportedAlarmError(
      `ComparisonOperator must be ${[...operators.keys()].join(", ")}, with a Threshold, got ${ComparisonOperator || "none"}: anomaly detection is not supported here`,
    );
  }
  const [words, breaches] = operator;
  return { words, threshold, isBreaching: (value) => breaches(value, threshold) };
}
