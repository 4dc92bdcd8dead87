import { alarmArn, alarmName } from "../../../packages/alarms/alarm-arn";
import { type DescribedAlarm, stateChangeEvent } from "../../../packages/alarms/state-change-event";

const owner = { account: "123456789012", region: "us-east-1", partition: "aws" };
const states = {
  before: { value: "OK", reason: "It was fine.", at: Date.UTC(2019, 9, 1, 13, 56, 40, 987) },
  now: {
    value: "ALARM",
    reason: "Threshold Crossed",
    reasonData: '{"version":"1.0"}',
    at: Date.UTC(2019, 9, 2, 17, 4, 40, 989),
  },
} as const;
const comparison = { ComparisonOperator: "GreaterThanThreshold", Threshold: 50, EvaluationPeriods: 1 };

function eventOf(alarm: DescribedAlarm) {
  const { Detail, ...entry } = stateChangeEvent({ AlarmName: "cpu", ...alarm }, states, owner);
  return { ...entry, detail: JSON.parse(Detail) };
}

describe("stateChangeEvent", () => {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
  it("describes an alarm on one metric, and both of its states", () => {
    const Dimensions = [{ Name: "InstanceId", Value: "i-1" }];
    const alarm = {
      ...{ ...comparison, AlarmDescription: "too hot", Dimensions, Period: 300, Statistic: "Average" },
      ...{ Namespace: "AWS/EC2", MetricName: "CPUUtilization" },
    };

    expect(eventOf(alarm)).toEqual({
      Source: "aws.cloudwatch",
      DetailType: "CloudWatch Alarm State Change",
      Resources: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu"],
      detail: {
        alarmName: "cpu",
        configuration: {
          description: "too hot",
          metrics: [
            {
              id: expect.stringMatching(/^[\da-f-]{36}$/),
              metricStat: {
                metric: {
                  namespace: "AWS/EC2",
                  name: "CPUUtilization",
                  dimensions: { InstanceId: "i-1" },
                },
                period: 300,
                stat: "Average",
              },
              returnData: true,
            },
          ],
        },
        previousState: { value: "OK", reason: "It was fine.", timestamp: "2019-10-01T13:56:40.987+0000" },
        state: {
          value: "ALARM",
          reason: "Threshold Crossed",
          reasonData: '{"version":"1.0"}',
          timestamp: "2019-10-02T17:04:40.989+0000",
        },
      },
    });
  });

  it("describes the expressions and units of metric math", () => {
    const metric = { Namespace: "N", MetricName: "M" };
    const Metrics = [
      { Id: "e1", Expression: "m1 * 2", Label: "Twice" },
      {
        Id: "m1",
        MetricStat: { Metric: metric, Period: 60, Stat: "p99", Unit: "Seconds" },
        ReturnData: false,
      },
    ];

    expect(eventOf({ ...comparison, Metrics }).detail.configuration).toEqual({
      metrics: [
        { id: "e1", expression: "m1 * 2", label: "Twice", returnData: true },
        {
          id: "m1",
          metricStat: {
            metric: { namespace: "N", name: "M", dimensions: {} },
            period: 60,
            stat: "p99",
            unit: "Seconds",
          },
          returnData: false,
        },
      ],
    });
  });

  it("describes a composite alarm with and without a suppressor", () => {
    const suppressor = {
      ActionsSuppressor: "deployment",
      ActionsSuppressorWaitPeriod: 60,
      ActionsSuppressorExtensionPeriod: 0,
    };

    expect(eventOf({ AlarmRule: "ALARM(a)" }).detail.configuration).toEqual({ alarmRule: "ALARM(a)" });
    expect(eventOf({ AlarmRule: "ALARM(a)", ...suppressor }).detail.configuration).toEqual({
      alarmRule: "ALARM(a)",
      actionsSuppressor: "deployment",
      actionsSuppressorWaitPeriod: 60,
      actionsSuppressorExtensionPeriod: 0,
    });
  });
});

describe("alarmName", () => {
  it.each(["errors", "a:b/c d", "arn:x"])("finds %s in its ARN, and leaves a name alone", (name) => {
    expect([alarmName(alarmArn(name, owner)), alarmName(name)]).toEqual([name, name]);
  });
});
