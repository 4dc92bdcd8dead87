import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { signedFetch } from "../signed-fetch";
import { expectGap, useEmulators } from "./emulators";

describe("alarms", () => {
  const emulators = useEmulators();

  const metrics = [
    { Id: "rate", Expression: "errors / count * 100", Label: "<rate> & more", ReturnData: true },
    {
      Id: "errors",
      MetricStat: {
        Metric: {
          Namespace: "N",
          MetricName: "Errors",
          Dimensions: [{ Name: "FunctionName", Value: "f" }],
        },
        Period: 60,
        Stat: "Sum",
      },
      ReturnData: false,
    },
  ];
  const rated = {
    AlarmName: "rated",
    Metrics: metrics,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 0.5,
    ComparisonOperator: "GreaterThanThreshold" as const,
    TreatMissingData: "notBreaching",
  };
  const suppressed = {
    AlarmName: "suppressed",
    AlarmRule: 'ALARM("rated")',
    ActionsSuppressor: "rated",
    ActionsSuppressorWaitPeriod: 10,
    ActionsSuppressorExtensionPeriod: 20,
  };
  const names = { AlarmNames: ["rated", "suppressed"] };
  const types = { AlarmTypes: ["MetricAlarm" as const, "CompositeAlarm" as const] };

  it("lose attributes in MiniStack", async () => {
    const cloudWatch = new CloudWatchClient(emulators.bare);

    await cloudWatch.send(new PutMetricAlarmCommand(rated));
    await cloudWatch.send(new PutCompositeAlarmCommand(suppressed));
    const { MetricAlarms, CompositeAlarms } = await cloudWatch.send(
      new DescribeAlarmsCommand({ ...names, ...types }),
    );
    const xml = await describeByQuery(emulators.bare.endpoint);

    const known = [
      MetricAlarms?.[0]?.Metrics,
      CompositeAlarms?.[0]?.ActionsSuppressor,
      /<TreatMissingData>/.exec(xml),
    ];
    expectGap(
      known.every((attribute) => attribute),
      "alarms",
    );
  });

  it("read back as they were put in the JSON protocol", async () => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);

    await cloudWatch.send(new PutMetricAlarmCommand(rated));
    await cloudWatch.send(new PutCompositeAlarmCommand(suppressed));
    const found = await cloudWatch.send(new DescribeAlarmsCommand({ ...names, ...types }));

    expect(found.MetricAlarms).toEqual([
      expect.objectContaining({ ...rated, StateValue: expect.any(String) }),
    ]);
    expect(found.MetricAlarms?.[0]).not.toHaveProperty("Statistic");
    expect(found.CompositeAlarms).toEqual([expect.objectContaining(suppressed)]);
  });

  it("read back as they were put in the query protocol, which Terraform's provider uses", async () => {
    const xml = await describeByQuery(emulators.withGaps.endpoint);

    expect(xml).toContain("<Threshold>0.5</Threshold>");
    expect(xml).toContain("<Label>&#60;rate&#62; &#38; more</Label>");
    expect(xml).toContain(
      "<Dimensions><member><Name>FunctionName</Name><Value>f</Value></member></Dimensions>",
    );
    expect(xml).toContain("<ActionsSuppressorWaitPeriod>10</ActionsSuppressorWaitPeriod>");
  });

  async function describeByQuery(endpoint: string): Promise<string> {
    const form = { Action: "DescribeAlarms", Version: "2010-08-01", "AlarmTypes.member.1": "MetricAlarm" };
    const body = new URLSearchParams({ ...form, "AlarmTypes.member.2": "CompositeAlarm" }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const request = { method: "POST", headers, body };
    const response = await signedFetch(endpoint, request, { service: "monitoring" });
    return response.text();
  }
});
