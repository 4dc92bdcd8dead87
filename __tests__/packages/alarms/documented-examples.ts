import type { AlarmState, TreatMissingData } from "../../../packages/alarms/metric-alarm";

/** A row of the tables in CloudWatch's documentation. */
export interface DocumentedExample {
  /** The evaluation range, oldest first: 0 does not breach, X breaches, - is missing. */
  readonly datapoints: string;
  /** By how missing data is treated. "current" retains the state. */
  readonly expected: Readonly<Record<TreatMissingData, AlarmState | "current">>;
}

const all = (state: AlarmState) => ({ missing: state, ignore: state, breaching: state, notBreaching: state });

/**
 * "How alarm state is evaluated when data is missing", with 3 evaluation periods in a range of 5 data points.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export const threeOutOfThree: readonly DocumentedExample[] = [
  { datapoints: "0 - X - X", expected: all("OK") },
  { datapoints: "0 - - - -", expected: all("OK") },
  {
    datapoints: "- - - - -",
    expected: { missing: "INSUFFICIENT_DATA", ignore: "current", breaching: "ALARM", notBreaching: "OK" },
  },
  { datapoints: "0 X X - X", expected: all("ALARM") },
  {
    datapoints: "- - X - -",
    expected: { missing: "ALARM", ignore: "current", breaching: "ALARM", notBreaching: "OK" },
  },
];

/** The second table of the same page: 2 data points to alarm. */
export const twoOutOfThree: readonly DocumentedExample[] = [
  { datapoints: "0 - X - X", expected: all("ALARM") },
  { datapoints: "0 0 X 0 X", expected: all("ALARM") },
  { datapoints: "0 - X - -", expected: { ...all("OK"), breaching: "ALARM" } },
  { datapoints: "- - - - 0", expected: { ...all("OK"), breaching: "ALARM" } },
  {
    datapoints: "- - - X -",
    expected: { missing: "ALARM", ignore: "current", breaching: "ALARM", notBreaching: "OK" },
  },
];
