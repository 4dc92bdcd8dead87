import { refusalOf, watches } from "../../../../../packages/laptop/gaps/alarms/put-alarm";

const alarm = {
  ...{ Namespace: "N", MetricName: "M", Statistic: "Sum", Period: 60, EvaluationPeriods: 1 },
  ...{ ComparisonOperator: "GreaterThanThreshold", Threshold: 0 },
  Dimensions: [
    { Name: "A", Value: "1" },
    { Name: "B", Value: "2" },
  ],
};

describe("refusalOf", () => {
  it.each([
    ["PutMetricAlarm", alarm, undefined],
    ["PutMetricAlarm", { ...alarm, Period: 7 }, "Period must be 10, 20, 30 or a multiple of 60, got 7"],
    ["PutCompositeAlarm", { AlarmRule: "ALARM(a)" }, undefined],
    ["PutCompositeAlarm", { AlarmRule: "ALARM(a" }, 'expected ")" at character 8'],
    ["PutCompositeAlarm", {}, 'alarm rule "": expected NOT'],
  ])("judges %s of %j", (action, input, expected) => {
    const refusal = refusalOf(action, input);

    if (expected === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(expected);
  });

  it("accepts what CloudWatch accepts and cannot be evaluated here", () => {
    const { Threshold, ...band } = alarm;

    expect(
      refusalOf("PutMetricAlarm", {
        ...band,
        ComparisonOperator: "GreaterThanUpperThreshold",
        ThresholdMetricId: "band",
      }),
    ).toBeUndefined();
  });
});

describe("watches", () => {
  const metric = { Namespace: "N", MetricName: "M", Dimensions: [...alarm.Dimensions].reverse() };

  it.each([
    [{}, true],
    [{ Statistic: "Sum" }, true],
    [{ Statistic: "Average" }, false],
    [{ ExtendedStatistic: "p99" }, false],
    [{ Period: 60 }, true],
    [{ Period: 300 }, false],
    [{ Unit: "Seconds" }, false],
    [{ Dimensions: [] }, false],
    [{ Dimensions: undefined }, false],
    [{ MetricName: "other" }, false],
    [{ Namespace: "other" }, false],
  ])("finds an alarm by its metric with %j: %s", (settings, expected) => {
    expect(watches(alarm, { ...metric, ...settings })).toBe(expected);
  });
});
