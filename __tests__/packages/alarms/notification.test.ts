import { actionsOf, messageOf, type NotifyingAlarm, subjectOf } from "../../../packages/alarms/notification";

const transition = {
  at: Date.UTC(2026, 0, 31, 12, 0, 1, 5),
  from: "OK",
  to: "ALARM",
  reason: "Threshold Crossed",
  account: "123456789012",
  region: "eu-west-1",
  partition: "aws",
} as const;

const alarm: NotifyingAlarm = {
  AlarmName: "errors",
  AlarmDescription: "Look at the log",
  AlarmActions: ["topic-1", "topic-2"],
  OKActions: ["topic-3"],
  Namespace: "AWS/Lambda",
  MetricName: "Errors",
  Dimensions: [{ Name: "FunctionName", Value: "api" }],
  Statistic: "Sum",
  Period: 300,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  ComparisonOperator: "GreaterThanThreshold",
  Threshold: 0,
  TreatMissingData: "notBreaching",
};

describe("actionsOf", () => {
  it("returns the actions of a state", () => {
    expect([
      actionsOf(alarm, "ALARM"),
      actionsOf(alarm, "OK"),
      actionsOf(alarm, "INSUFFICIENT_DATA"),
    ]).toEqual([["topic-1", "topic-2"], ["topic-3"], []]);
    expect(
      actionsOf({ InsufficientDataActions: ["topic"], ActionsEnabled: true }, "INSUFFICIENT_DATA"),
    ).toEqual(["topic"]);
  });

  it("returns none if they are disabled", () => {
    expect(actionsOf({ ...alarm, ActionsEnabled: false }, "ALARM")).toEqual([]);
  });
});

describe("subjectOf", () => {
  it("says what happened to which alarm, within SNS's 100 characters", () => {
    expect(subjectOf(alarm, transition)).toBe('ALARM: "errors" in eu-west-1');
    expect(subjectOf({ AlarmName: "a".repeat(255) }, transition)).toBe(`ALARM: "${"a".repeat(92)}`);
  });
});

describe("messageOf", () => {
  it("is what CloudWatch publishes about an alarm on one metric", () => {
    expect(JSON.parse(messageOf(alarm, transition))).toEqual({
      AlarmName: "errors",
      AlarmDescription: "Look at the log",
      AWSAccountId: "123456789012",
      NewStateValue: "ALARM",
      NewStateReason: "Threshold Crossed",
      StateChangeTime: "2026-01-31T12:00:01.005+0000",
      Region: "eu-west-1",
      AlarmArn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors",
      OldStateValue: "OK",
      OKActions: ["topic-3"],
      AlarmActions: ["topic-1", "topic-2"],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: "Errors",
        Namespace: "AWS/Lambda",
        StatisticType: "Statistic",
        Statistic: "SUM",
        Unit: null,
        Dimensions: [{ value: "api", name: "FunctionName" }],
        Period: 300,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 0,
        TreatMissingData: "notBreaching",
        EvaluateLowSampleCountPercentile: "",
      },
    });
  });

  it("tells the defaults of an alarm on a percentile", () => {
    const given = {
      AlarmName: "latency",
      ExtendedStatistic: "p99",
      EvaluationPeriods: 3,
      EvaluateLowSampleCountPercentile: "ignore",
      Unit: "Milliseconds",
      Metrics: [],
    };
    const message = JSON.parse(messageOf(given, transition));

    expect(message).toMatchObject({ AlarmDescription: null, OKActions: [], AlarmActions: [] });
    expect(message.Trigger).toEqual({
      StatisticType: "ExtendedStatistic",
      ExtendedStatistic: "p99",
      Unit: "Milliseconds",
      Dimensions: [],
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: "missing",
      EvaluateLowSampleCountPercentile: "ignore",
    });
  });

  it("lists the metrics of an alarm on metric math", () => {
    const given: NotifyingAlarm = {
      EvaluationPeriods: 1,
      Metrics: [
        { Id: "total", Expression: "a + 1", ReturnData: true },
        {
          Id: "a",
          ReturnData: false,
          MetricStat: {
            Metric: { Namespace: "N", MetricName: "A", Dimensions: [{ Name: "D", Value: "d" }] },
            Period: 60,
            Stat: "Sum",
          },
        },
        { Id: "b", ReturnData: false, MetricStat: { Period: 60 } },
      ],
    };

    expect(JSON.parse(messageOf(given, transition)).Trigger).toEqual({
      Metrics: [
        { Id: "total", Expression: "a + 1", ReturnData: true },
        {
          Id: "a",
          ReturnData: false,
          MetricStat: {
            Metric: { Namespace: "N", MetricName: "A", Dimensions: [{ value: "d", name: "D" }] },
            Period: 60,
            Stat: "Sum",
          },
        },
        { Id: "b", ReturnData: false, MetricStat: { Period: 60, Metric: { Dimensions: [] } } },
      ],
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      TreatMissingData: "missing",
      EvaluateLowSampleCountPercentile: "",
    });
  });

  it("tells the rule of a composite alarm", () => {
    const message = JSON.parse(messageOf({ AlarmName: "service", AlarmRule: "ALARM(errors)" }, transition));

    expect(message).toMatchObject({ AlarmName: "service", AlarmRule: "ALARM(errors)" });
    expect(message).not.toHaveProperty("Trigger");
  });
});
