import { InvalidAlarmError } from "../../../packages/alarms/invalid-alarm-error";
import type { MetricAlarm, MetricDataQuery, MetricStat } from "../../../packages/alarms/metric-alarm";
import { UnsupportedAlarmError } from "../../../packages/alarms/unsupported-alarm-error";
import { validateMetricAlarm } from "../../../packages/alarms/validate-metric-alarm";

const comparison = { ComparisonOperator: "GreaterThanThreshold", Threshold: 0 };
const single: MetricAlarm = {
  ...comparison,
  ...{ Namespace: "AWS/Lambda", MetricName: "Errors", Statistic: "Sum", Period: 60, EvaluationPeriods: 1 },
};

function stat(MetricName: string, settings: Partial<MetricStat> = {}): MetricStat {
  return { Metric: { Namespace: "N", MetricName }, Period: 60, Stat: "Sum", ...settings };
}

function math(...Metrics: MetricDataQuery[]): MetricAlarm {
  return { ...comparison, EvaluationPeriods: 3, Metrics };
}

const a = { Id: "a", MetricStat: stat("A"), ReturnData: false };
const b = { Id: "b", MetricStat: stat("B"), ReturnData: false };

describe("validateMetricAlarm", () => {
  it.each<[string, MetricAlarm]>([
    ["one metric", single],
    ["one metric with a percentile", { ...single, Statistic: undefined, ExtendedStatistic: "p99.9" }],
    ["the largest M", { ...single, EvaluationPeriods: 5, DatapointsToAlarm: 5 }],
    ["a period of 10 seconds", { ...single, Period: 10 }],
    ["a period of 20 seconds", { ...single, Period: 20 }],
    ["a period of 30 seconds", { ...single, Period: 30 }],
    ["a period of 7 minutes", { ...single, Period: 420 }],
    ["a day in minutes", { ...single, EvaluationPeriods: 1_440 }],
    ["a week in hours", { ...single, Period: 3_600, EvaluationPeriods: 168 }],
    ["a week in one day's periods", { ...single, Period: 86_400, EvaluationPeriods: 7 }],
    ["low samples ignored", { ...single, EvaluateLowSampleCountPercentile: "ignore" }],
    ["a negative threshold", { ...single, Threshold: -1.5 }],
    ["an empty list of metrics", { ...single, Metrics: [] }],
    ["an expression", math({ Id: "e", Expression: "a / b * 100" }, a, b)],
    [
      "an expression over another one",
      math({ Id: "e", Expression: "f" }, { Id: "f", Expression: "a", ReturnData: false }, a),
    ],
    ["a metric in the list", math({ ...a, ReturnData: true })],
    ["an Id with a digit and an underscore", math({ ...a, Id: "m_1", ReturnData: true })],
  ])("accepts %s", (_, alarm) => {
    expect(() => validateMetricAlarm(alarm)).not.toThrow();
  });

  it.each<[string, MetricAlarm]>([
    ["EvaluationPeriods must be a whole number", { ...single, EvaluationPeriods: 0 }],
    [
      "DatapointsToAlarm must be less than or equal to EvaluationPeriods",
      { ...single, DatapointsToAlarm: 2 },
    ],
    ["TreatMissingData must be one of", { ...single, TreatMissingData: "Missing" }],
    [
      "EvaluateLowSampleCountPercentile must be evaluate or ignore, got never",
      { ...single, EvaluateLowSampleCountPercentile: "never" },
    ],
    ["ComparisonOperator must be one of", { ...single, ComparisonOperator: "GreaterThan" }],
    ["exactly one of Threshold and ThresholdMetricId", { ...single, Threshold: undefined }],
    ["must have a MetricName and a Namespace", { ...single, MetricName: undefined }],
    ["must have a MetricName and a Namespace", { ...single, Namespace: undefined }],
    [
      "must have a MetricName and a Namespace",
      math({ Id: "a", MetricStat: stat("A", { Metric: { MetricName: "A" } }) }),
    ],
    ["exactly one of Statistic and ExtendedStatistic must be set", { ...single, Statistic: undefined }],
    ["exactly one of Statistic and ExtendedStatistic must be set", { ...single, ExtendedStatistic: "p99" }],
    [
      "Statistic must be SampleCount, Average, Sum, Minimum or Maximum, got p99",
      { ...single, Statistic: "p99" },
    ],
    [
      "Statistic must be SampleCount, Average, Sum, Minimum or Maximum, got sum",
      { ...single, Statistic: "sum" },
    ],
    ["Sum must be set as Statistic", { ...single, Statistic: undefined, ExtendedStatistic: "Sum" }],
    ['there is no statistic "p101"', { ...single, Statistic: undefined, ExtendedStatistic: "p101" }],
    ['there is no statistic "Median"', math({ Id: "a", MetricStat: stat("A", { Stat: "Median" }) })],
    ['there is no statistic ""', math({ Id: "a", MetricStat: stat("A", { Stat: undefined }) })],
    ["Period must be 10, 20, 30 or a multiple of 60, got 7", { ...single, Period: 7 }],
    ["Period must be 10, 20, 30 or a multiple of 60, got 0", { ...single, Period: undefined }],
    ["Period must be 10, 20, 30 or a multiple of 60, got 40", { ...single, Period: 40 }],
    ["Period must be 10, 20, 30 or a multiple of 60, got 90", { ...single, Period: 90 }],
    ["Period must be 10, 20, 30 or a multiple of 60, got -60", { ...single, Period: -60 }],
    [
      "Period must be 10, 20, 30 or a multiple of 60, got 5",
      math({ Id: "a", MetricStat: stat("A", { Period: 5 }) }),
    ],
    [
      "EvaluationPeriods * Period must be at most 86400 seconds for periods of less than an hour, got 86460",
      { ...single, EvaluationPeriods: 1_441 },
    ],
    [
      "EvaluationPeriods * Period must be at most 604800 seconds for periods of an hour or more, got 608400",
      { ...single, Period: 3_600, EvaluationPeriods: 169 },
    ],
    ["must not set MetricName, Namespace, Period, Statistic: set", { ...single, Metrics: [a] }],
    ["must not set Dimensions: set", { ...math(a), Dimensions: [{ Name: "D", Value: "d" }] }],
    ["must have ReturnData, got 0", math(a, b)],
    ["must have ReturnData, got 2", math({ ...a, ReturnData: true }, { ...b, ReturnData: undefined })],
    ['got "A"', math({ ...a, Id: "A", ReturnData: true })],
    ['got "1a"', math({ ...a, Id: "1a", ReturnData: true })],
    ['got "a-b"', math({ ...a, Id: "a-b", ReturnData: true })],
    ['got "x a"', math({ ...a, Id: "x a", ReturnData: true })],
    ['got ""', math({ ...a, Id: undefined, ReturnData: true })],
    ['must be unique, got "a" twice', math(a, { ...b, Id: "a", ReturnData: true })],
    [
      'exactly one of MetricStat and Expression must be set for "a"',
      math({ ...a, Expression: "1", ReturnData: true }),
    ],
    ['exactly one of MetricStat and Expression must be set for "a"', math({ Id: "a" })],
    ["expected a value at character 4", math({ Id: "e", Expression: "a +" }, a)],
    ['the alarm has no metric or expression "c"', math({ Id: "e", Expression: "a + c" }, a)],
    ['"e" refers to itself', math({ Id: "e", Expression: "a + e" }, a)],
    ['watches "e", which must be a single time series', math({ Id: "e", Expression: "[a, b]" }, a, b)],
    ["there is no function AVERAGE for alarms", math({ Id: "e", Expression: "AVERAGE(a)" }, a)],
  ])("rejects: %s", (message, alarm) => {
    expect(() => validateMetricAlarm(alarm)).toThrow(InvalidAlarmError);
    expect(() => validateMetricAlarm(alarm)).toThrow(message);
  });

  it.each<[string, MetricAlarm]>([
    ["the function SORT", math({ Id: "e", Expression: "FIRST(SORT(METRICS(), AVG, ASC))" }, a, b)],
    ["Metrics Insights", math({ Id: "e", Expression: "SELECT SUM(A) FROM N" }, a)],
    [
      "different periods",
      math({ Id: "e", Expression: "a + b" }, a, { ...b, MetricStat: stat("B", { Period: 300 }) }),
    ],
    [
      "anomaly detection",
      {
        ...math({ ...a, ReturnData: true }, b),
        ComparisonOperator: "GreaterThanUpperThreshold",
        Threshold: undefined,
        ThresholdMetricId: "b",
      },
    ],
  ])("tells %s, which CloudWatch accepts, from what it rejects", (_, alarm) => {
    expect(() => validateMetricAlarm(alarm)).toThrow(UnsupportedAlarmError);
  });
});
