import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetMetricStatisticsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { SmithyRpcV2CborProtocol } from "@smithy/core/cbor";
import { signedFetch } from "../signed-fetch";
import { account, type ClientConfig, expectGap, region, useEmulators } from "./emulators";

describe("alarms", () => {
  const emulators = useEmulators();
  let deadLetters: Awaited<ReturnType<typeof watchedDeadLetters>>;
  // Waiting for a minute to end takes up to a minute, so the other tests run meanwhile.
  beforeAll(async () => {
    deadLetters = await watchedDeadLetters();
  });

  const metrics = [
    { Id: "rate", Expression: "errors / count * 100", Label: "<rate> & more", ReturnData: true },
    ...["Errors", "Count"].map((MetricName) => ({
      Id: MetricName.toLowerCase(),
      MetricStat: {
        Metric: { Namespace: "N", MetricName, Dimensions: [{ Name: "FunctionName", Value: "f" }] },
        Period: 60,
        Stat: "Sum",
      },
      ReturnData: false,
    })),
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

  it.each<[string, Partial<PutMetricAlarmCommandInput>, number, string]>([
    ["data of another dimension", { Dimensions: [{ Name: "D", Value: "other" }] }, 0, "INSUFFICIENT_DATA"],
    ["fewer data points than are needed", { EvaluationPeriods: 2 }, 1, "INSUFFICIENT_DATA"],
    ["missing data", { MetricName: "none", TreatMissingData: "breaching" }, 1, "ALARM"],
  ])(
    "are not evaluated as in CloudWatch by MiniStack: %s",
    async (AlarmName, settings, minutesAgo, right) => {
      const cloudWatch = new CloudWatchClient(emulators.bare);

      await cloudWatch.send(new PutMetricAlarmCommand({ ...alarmOn(AlarmName, "D", "d"), ...settings }));
      await put(cloudWatch, AlarmName, { d: 1 }, { minutesAgo });

      expectGap((await stateOf(cloudWatch, AlarmName)) === right, "alarms");
    },
  );

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
    expect(xml).toMatch(/<StateUpdatedTimestamp>\d{4}-\d\d-\d\dT[\d:.]+Z<\/StateUpdatedTimestamp>/);
    expect(xml).toContain("<Label>&#60;rate&#62; &#38; more</Label>");
    expect(xml).toContain(
      "<Dimensions><member><Name>FunctionName</Name><Value>f</Value></member></Dimensions>",
    );
    expect(xml).toContain("<ActionsSuppressorWaitPeriod>10</ActionsSuppressorWaitPeriod>");
  });

  it("are put, evaluated and read back in CBOR, which later versions of Terraform's provider use", async () => {
    const cloudWatch = new CloudWatchClient({ ...emulators.withGaps, protocol: SmithyRpcV2CborProtocol });
    const alarm = {
      ...rated,
      AlarmName: "rated in cbor",
      Threshold: 12.5,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
    };
    const composite = {
      ...suppressed,
      AlarmName: "composite in cbor",
      AlarmRule: 'ALARM("rated in cbor")',
    };

    await cloudWatch.send(new PutMetricAlarmCommand(alarm));
    await cloudWatch.send(new PutCompositeAlarmCommand(composite));
    const before = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm.AlarmName] }));
    for (const [MetricName, Value] of [
      ["Errors", 2],
      ["Count", 10],
    ] as const) {
      const Dimensions = [{ Name: "FunctionName", Value: "f" }];
      await cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: "N",
          MetricData: [{ MetricName, Dimensions, Value, Timestamp: timeOf(1) }],
        }),
      );
    }
    const { MetricAlarms, CompositeAlarms } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [alarm.AlarmName, composite.AlarmName], ...types }),
    );
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [composite.AlarmName] }));

    expect(before.MetricAlarms).toEqual([expect.objectContaining({ ...alarm, StateValue: "OK" })]);
    expect(MetricAlarms).toEqual([
      expect.objectContaining({ ...alarm, StateValue: "ALARM", StateUpdatedTimestamp: expect.any(Date) }),
    ]);
    expect(CompositeAlarms).toEqual([expect.objectContaining({ ...composite, StateValue: "ALARM" })]);
  });

  it("go into alarm and back by the data of their own metric, keep a history and notify a topic's subscribers", async () => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);
    const { TopicArn, messages } = await subscribedTopic("errors");
    const AlarmName = "errors/api";
    const alarm = {
      ...alarmOn(AlarmName, "FunctionName", "api"),
      AlarmActions: [TopicArn],
      OKActions: [TopicArn],
      TreatMissingData: "notBreaching",
    };

    await cloudWatch.send(new PutMetricAlarmCommand(alarm));
    const states = [await stateOf(cloudWatch, AlarmName)];
    for (const [values, minutesAgo] of [
      // Now: what MiniStack would evaluate.
      [{ other: 9 }, undefined],
      [{ api: 3 }, 2],
      [{ api: 0 }, 1],
    ] as const) {
      await put(cloudWatch, AlarmName, values, { Name: "FunctionName", minutesAgo });
      states.push(await stateOf(cloudWatch, AlarmName));
    }
    const { AlarmHistoryItems = [] } = await cloudWatch.send(
      new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: "StateUpdate" }),
    );
    const notified = await messages(3);

    expect(states).toEqual(["OK", "OK", "ALARM", "OK"]);
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary).slice(0, 3)).toEqual([
      "Alarm updated from ALARM to OK",
      "Alarm updated from OK to ALARM",
      "Alarm updated from INSUFFICIENT_DATA to OK",
    ]);
    expect(notified).toEqual([
      expect.objectContaining({ OldStateValue: "INSUFFICIENT_DATA", NewStateValue: "OK" }),
      expect.objectContaining({
        AlarmName,
        OldStateValue: "OK",
        NewStateValue: "ALARM",
        NewStateReason: expect.stringMatching(/^Threshold Crossed: 1 out of the last 1 datapoints \[3\.0 /),
        Trigger: expect.objectContaining({
          MetricName: AlarmName,
          Dimensions: [{ value: "api", name: "FunctionName" }],
        }),
      }),
      expect.objectContaining({ OldStateValue: "ALARM", NewStateValue: "OK" }),
    ]);
  });

  it.each([
    ["values with counts", { Values: [1, 9], Counts: [19, 1] }, "p90", "OK"],
    ["values with counts", { Values: [1, 9], Counts: [17, 3] }, "p90", "ALARM"],
    [
      "a statistic set",
      { StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 1, Maximum: 9 } },
      "Maximum",
      "ALARM",
    ],
    [
      "a statistic set, which has no percentile",
      { StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 1, Maximum: 9 } },
      "p90",
      "INSUFFICIENT_DATA",
    ],
  ])("are evaluated by %s", async (_, data, statistic, expected) => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);
    const AlarmName = `${statistic} of ${JSON.stringify(data)}`;
    const { Statistic, ...alarm } = alarmOn(AlarmName, "D", "d");
    const given = statistic === "p90" ? { ExtendedStatistic: "p90" } : { Statistic: "Maximum" as const };

    await cloudWatch.send(new PutMetricAlarmCommand({ ...alarm, ...given, Threshold: 5 }));
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: "N",
        MetricData: [
          { MetricName: AlarmName, Dimensions: [{ Name: "D", Value: "d" }], Timestamp: timeOf(1), ...data },
        ],
      }),
    );

    expect(await stateOf(cloudWatch, AlarmName)).toBe(expected);
  });

  it("notify nobody while their actions are disabled", async () => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);
    const { TopicArn, messages } = await subscribedTopic("disabled");
    const AlarmNames = ["disabled"];
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        ...alarmOn("disabled", "D", "d"),
        AlarmActions: [TopicArn],
        OKActions: [TopicArn],
      }),
    );

    await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames }));
    await put(cloudWatch, "disabled", { d: 1 }, { minutesAgo: 2 });
    const states = [await stateOf(cloudWatch, "disabled")];
    await cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames }));
    await put(cloudWatch, "disabled", { d: 0 }, { minutesAgo: 1 });
    states.push(await stateOf(cloudWatch, "disabled"));

    expect(states).toEqual(["ALARM", "OK"]);
    expect(await messages(1)).toEqual([expect.objectContaining({ NewStateValue: "OK" })]);
  });

  it("notify of a state that is set by hand, which reads do not undo", async () => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);
    const { TopicArn, messages } = await subscribedTopic("by-hand");
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        ...alarmOn("by hand", "D", "d"),
        // Evaluated every hour.
        ...{ Period: 3_600, EvaluationPeriods: 25 },
        AlarmActions: [TopicArn],
        TreatMissingData: "notBreaching",
      }),
    );
    const before = await stateOf(cloudWatch, "by hand");

    await cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName: "by hand", StateValue: "ALARM", StateReason: "a drill" }),
    );

    expect(await messages(1)).toEqual([
      expect.objectContaining({ NewStateValue: "ALARM", NewStateReason: "a drill" }),
    ]);
    await put(cloudWatch, "another metric", { d: 1 });
    expect([before, await stateOf(cloudWatch, "by hand")]).toEqual(["OK", "ALARM"]);
  });

  it("combine to composite alarms, whose actions a suppressor holds back", async () => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);
    const { TopicArn, messages } = await subscribedTopic("composite");
    for (const name of ["part-1", "part-2", "deployment"]) {
      await cloudWatch.send(
        new PutMetricAlarmCommand({ ...alarmOn(name, "D", "d"), TreatMissingData: "notBreaching" }),
      );
    }
    const actions = { AlarmActions: [TopicArn], OKActions: [TopicArn] };
    const AlarmRule = `ALARM("part-1") AND ALARM(arn:aws:cloudwatch:${region}:${account}:alarm:part-2)`;
    const AlarmName = "service";
    const suppressor = {
      ActionsSuppressor: "deployment",
      ActionsSuppressorWaitPeriod: 0,
      ActionsSuppressorExtensionPeriod: 0,
    };
    await stateOf(cloudWatch, "part-1");
    await cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule, ...suppressor, ...actions }));
    const composite = async () => {
      await stateOf(cloudWatch, "part-1");
      const { CompositeAlarms = [] } = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes: ["CompositeAlarm"] }),
      );
      return [CompositeAlarms[0]?.StateValue, CompositeAlarms[0]?.ActionsSuppressedBy];
    };

    const steps = [await composite()];
    await put(cloudWatch, "part-1", { d: 1 }, { minutesAgo: 2 });
    steps.push(await composite());
    await put(cloudWatch, "deployment", { d: 1 }, { minutesAgo: 2 });
    await put(cloudWatch, "part-2", { d: 1 }, { minutesAgo: 2 });
    steps.push(await composite());
    await put(cloudWatch, "deployment", { d: 0 }, { minutesAgo: 1 });
    steps.push(await composite());
    await put(cloudWatch, "part-1", { d: 0 }, { minutesAgo: 1 });
    steps.push(await composite());

    const { AlarmHistoryItems = [] } = await cloudWatch.send(
      new DescribeAlarmHistoryCommand({
        AlarmName,
        AlarmTypes: ["CompositeAlarm"],
        HistoryItemType: "StateUpdate",
      }),
    );
    const { stateReason, stateReasonData } = JSON.parse(AlarmHistoryItems[1]?.HistoryData ?? "{}").newState;

    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      "Alarm updated from ALARM to OK",
      "Alarm updated from OK to ALARM",
      "Alarm updated from INSUFFICIENT_DATA to OK",
    ]);
    expect(stateReason).toMatch(/alarm:part-2 transitioned to ALARM at /);
    expect(stateReasonData.triggeringAlarms.map(({ arn }: { arn: string }) => arn)).toContain(
      `arn:aws:cloudwatch:${region}:${account}:alarm:part-2`,
    );
    expect(steps).toEqual([
      ["OK", undefined],
      ["OK", undefined],
      ["ALARM", "Alarm"],
      ["ALARM", undefined],
      ["OK", undefined],
    ]);
    expect(await messages(3)).toEqual([
      expect.objectContaining({
        AlarmName,
        AlarmRule,
        NewStateValue: "OK",
        NewStateReason: `arn:aws:cloudwatch:${region}:${account}:alarm:service was created and its alarm rule evaluates to OK`,
      }),
      expect.objectContaining({
        NewStateValue: "ALARM",
        NewStateReason: expect.stringMatching(
          /alarm:part-2 transitioned to ALARM at \w+ \d\d \w+, \d{4} [\d:]+ UTC$/,
        ),
      }),
      expect.objectContaining({ NewStateValue: "OK" }),
    ]);
  });

  it("send an event to the default bus when their state changes", async () => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);
    const events = new EventBridgeClient(emulators.withGaps);
    const { Endpoint, bodies } = await queueOf("events", emulators.withGaps);
    const EventPattern = JSON.stringify({
      source: ["aws.cloudwatch"],
      "detail-type": ["CloudWatch Alarm State Change"],
      detail: { alarmName: ["announced"] },
    });
    await events.send(new PutRuleCommand({ Name: "alarms", EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: "alarms", Targets: [{ Id: "queue", Arn: Endpoint }] }));

    await cloudWatch.send(
      new PutMetricAlarmCommand({ ...alarmOn("announced", "D", "d"), ActionsEnabled: false }),
    );
    await put(cloudWatch, "announced", { d: 1 }, { minutesAgo: 1 });
    await stateOf(cloudWatch, "announced");

    expect(await bodies(1)).toEqual([
      expect.objectContaining({
        source: "aws.cloudwatch",
        account,
        region,
        resources: [`arn:aws:cloudwatch:${region}:${account}:alarm:announced`],
        detail: expect.objectContaining({
          alarmName: "announced",
          previousState: expect.objectContaining({ value: "INSUFFICIENT_DATA" }),
          state: expect.objectContaining({ value: "ALARM", reason: expect.stringContaining("[1.0 ") }),
        }),
      }),
    ]);
  });

  describe("that CloudWatch rejects", () => {
    const AlarmName = "rejected";
    const message = "Period must be 10, 20, 30 or a multiple of 60, got 7";

    it.each([
      ["JSON", undefined],
      ["CBOR", SmithyRpcV2CborProtocol],
    ])("are rejected in %s", async (_, protocol) => {
      const cloudWatch = new CloudWatchClient({ ...emulators.withGaps, ...(protocol && { protocol }) });

      await expect(
        cloudWatch.send(new PutMetricAlarmCommand({ ...alarmOn(AlarmName, "D", "d"), Period: 7 })),
      ).rejects.toMatchObject({ name: "ValidationException", message, $metadata: { httpStatusCode: 400 } });
      expect(await stateOf(cloudWatch, AlarmName)).toBeUndefined();
    });

    it("are rejected in the query protocol", async () => {
      const xml = await byQuery(emulators.withGaps.endpoint, {
        ...{ Action: "PutMetricAlarm", AlarmName, Namespace: "N", MetricName: "M", Statistic: "Sum" },
        ...{ Period: "7", EvaluationPeriods: "1", Threshold: "0" },
        ComparisonOperator: "GreaterThanThreshold",
      });

      expect(xml).toContain(`<Code>ValidationError</Code><Message>${message}</Message>`);
    });
  });

  it("read the samples of a metric although another one has no name, those of one second as one", async () => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);
    const metric = { namespace: "N", name: "sampled", dimensions: [{ Name: "D", Value: "d" }] };
    const at = timeOf(1).getTime();
    for (const d of [1, 1, 2]) await put(cloudWatch, "sampled", { d }, { minutesAgo: 1 });
    await put(cloudWatch, "sampled", { d: 9 }, { minutesAgo: 2 });

    const response = await fetch(`${emulators.bare.endpoint}/_laptop/metric-samples`, {
      method: "POST",
      body: JSON.stringify({
        account,
        region,
        metrics: [
          { namespace: "N", dimensions: [], since: 0 },
          { name: "sampled", dimensions: [], since: 0 },
          { ...metric, since: at / 1000 },
        ],
      }),
    });

    const sample = (value: number, sampleCount: number) => ({
      ...{ at, unit: "None", sampleCount, sum: value * sampleCount, minimum: value, maximum: value },
    });
    expect(await response.json()).toEqual({
      writes: expect.any(Number),
      samples: [[], [], [sample(1, 2), sample(2, 1)]],
    });
  });

  it("are found by their metric", async () => {
    const found = new Map<string, readonly unknown[]>();
    await new CloudWatchClient(emulators.withGaps).send(
      new PutMetricAlarmCommand(alarmOn("found", "D", "d")),
    );
    for (const protocol of [undefined, SmithyRpcV2CborProtocol]) {
      const cloudWatch = new CloudWatchClient({ ...emulators.withGaps, ...(protocol && { protocol }) });
      for (const Value of ["d", "other"]) {
        const metric = { Namespace: "N", MetricName: "found", Dimensions: [{ Name: "D", Value }] };
        const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsForMetricCommand(metric));
        found.set(`${protocol?.name} ${Value}`, MetricAlarms?.map(({ AlarmName }) => AlarmName) ?? []);
      }
    }
    const xml = await byQuery(emulators.withGaps.endpoint, {
      Action: "DescribeAlarmsForMetric",
      Namespace: "N",
      MetricName: "found",
      "Dimensions.member.1.Name": "D",
      "Dimensions.member.1.Value": "d",
    });

    expect([...found.values()]).toEqual([["found"], [], ["found"], []]);
    expect(xml).toContain("<AlarmName>found</AlarmName>");
  });

  it("go into alarm by a metric in a function's log, although nobody reads metrics", async () => {
    const unread = { ...emulators.withGaps, region: "us-east-1" };
    const logs = new CloudWatchLogsClient(unread);
    const { TopicArn, messages } = await subscribedTopic("logged", unread);
    const stream = { logGroupName: "/aws/lambda/f", logStreamName: "s" };
    const timestamp = timeOf(1).getTime();
    const metric = { Namespace: "N", Dimensions: [["D"]], Metrics: [{ Name: "logged" }] };
    const line = { _aws: { Timestamp: timestamp, CloudWatchMetrics: [metric] }, D: "d", logged: 7 };

    await logs.send(new CreateLogGroupCommand(stream));
    await logs.send(new CreateLogStreamCommand(stream));
    await logs.send(
      new PutLogEventsCommand({
        ...stream,
        logEvents: [{ timestamp: Date.now(), message: JSON.stringify(line) }],
      }),
    );
    await new CloudWatchClient(unread).send(
      new PutMetricAlarmCommand({ ...alarmOn("logged", "D", "d"), AlarmActions: [TopicArn] }),
    );

    expect(await messages(1, 30)).toEqual([
      expect.objectContaining({
        AlarmName: "logged",
        NewStateReason: expect.stringContaining("[7.0 "),
      }),
    ]);
  });

  it("go into alarm by a dead letter, although nobody reads metrics", async () => {
    const [notified] = await deadLetters.messages(1, 90);
    const cloudWatch = new CloudWatchClient(deadLetters.config);
    const total = async (queue: string, MetricName: string) => {
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          ...{ Namespace: "AWS/SQS", MetricName, Period: 60, Statistics: ["Sum"] },
          Dimensions: [{ Name: "QueueName", Value: queue }],
          ...{ StartTime: new Date(Date.now() - 600_000), EndTime: new Date() },
        }),
      );
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    };
    const counts: Record<string, number> = {};
    for (const name of ["Sent", "Received", "Deleted"])
      counts[name] = await total("source", `NumberOfMessages${name}`);

    expect(notified).toMatchObject({
      ...{ AlarmName: "dead-letter-queue-depth", NewStateValue: "ALARM" },
      NewStateReason: expect.stringContaining("[2.0 "),
    });
    expect(counts).toEqual({ Sent: 3, Received: 3, Deleted: 1 });
    expect(await total("source", "NumberOfEmptyReceives")).toBe(1);
    // SQS moves messages to a dead-letter queue without sending them.
    expect(await total("dead", "NumberOfMessagesSent")).toBe(0);
  });

  it("keep their state when the emulator restarts", async () => {
    const cloudWatch = new CloudWatchClient(emulators.withGaps);
    await cloudWatch.send(
      new PutMetricAlarmCommand({ ...alarmOn("kept", "D", "d"), TreatMissingData: "ignore" }),
    );
    await put(cloudWatch, "kept", { d: 1 }, { minutesAgo: 2 });
    const before = await stateOf(cloudWatch, "kept");

    await emulators.restartEmulator();
    emulators.renewGaps();

    expect([before, await stateOf(cloudWatch, "kept")]).toEqual(["ALARM", "ALARM"]);
  });

  /** An alarm on a metric of its own name: one period of a minute above 0. */
  function alarmOn(AlarmName: string, Name: string, Value: string): PutMetricAlarmCommandInput {
    return {
      ...{ AlarmName, Namespace: "N", MetricName: AlarmName, Dimensions: [{ Name, Value }] },
      ...{ Statistic: "Sum", Period: 60, EvaluationPeriods: 1 },
      ...{ ComparisonOperator: "GreaterThanThreshold", Threshold: 0 },
    };
  }

  /** Puts a value for each value of the metric's dimension, in a minute that is over, or now. */
  async function put(
    cloudWatch: CloudWatchClient,
    MetricName: string,
    values: Readonly<Record<string, number>>,
    { Name = "D", minutesAgo }: { readonly Name?: string; readonly minutesAgo?: number | undefined } = {},
  ): Promise<void> {
    const MetricData = Object.entries(values).map(([dimension, Value]) => ({
      MetricName,
      Dimensions: [{ Name, Value: dimension }],
      ...(minutesAgo && { Timestamp: timeOf(minutesAgo) }),
      Value,
    }));
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: "N", MetricData }));
  }

  function timeOf(minutesAgo: number): Date {
    return new Date((Math.floor(Date.now() / 60_000) - minutesAgo) * 60_000);
  }

  async function stateOf(cloudWatch: CloudWatchClient, name: string): Promise<string | undefined> {
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms?.[0]?.StateValue;
  }

  /**
   * A queue whose three messages end up deleted, dead and dead, and an alarm on its dead-letter queue as in a stack: in a
   * Region where nothing else is read.
   */
  async function watchedDeadLetters() {
    const config = { ...emulators.withGaps, region: "us-east-1" };
    const { TopicArn, messages } = await subscribedTopic("depth", config);
    const { Endpoint: deadLetterTargetArn } = await queueOf("dead", config);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
    const { QueueUrl } = await queueOf("source", config, { VisibilityTimeout: "0", RedrivePolicy });
    await new CloudWatchClient(config).send(
      new PutMetricAlarmCommand({
        ...{ AlarmName: "dead-letter-queue-depth", Namespace: "AWS/SQS", Statistic: "Maximum", Period: 60 },
        ...{ MetricName: "ApproximateNumberOfMessagesVisible", EvaluationPeriods: 1, Threshold: 0 },
        ...{ ComparisonOperator: "GreaterThanThreshold", TreatMissingData: "ignore" },
        Dimensions: [{ Name: "QueueName", Value: "dead" }],
        AlarmActions: [TopicArn],
      }),
    );
    const sqs = new SQSClient(config);
    const receive = () => sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "deleted" }));
    const { Messages = [] } = await receive();
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
    for (const MessageBody of ["one", "two"])
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await receive();
    await receive();
    return { config, messages };
  }

  /** A topic, and the messages that a subscribed queue has received in their order. */
  async function subscribedTopic(Name: string, config: ClientConfig = emulators.withGaps) {
    const sns = new SNSClient(config);
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name }));
    const { Endpoint, bodies } = await queueOf(Name, config);
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
    const messages = async (count: number, seconds = 5) =>
      (await bodies(count, seconds)).map(({ Message }) => JSON.parse(`${Message}`));
    return { TopicArn, messages };
  }

  /** A queue, and the bodies of the messages that it receives, if they come in time. */
  async function queueOf(QueueName: string, config: ClientConfig, Attributes?: Record<string, string>) {
    const sqs = new SQSClient(config);
    const Endpoint = `arn:aws:sqs:${config.region}:${account}:${QueueName}`;
    const Principal = { Service: ["sns.amazonaws.com", "events.amazonaws.com"] };
    const Statement = { Effect: "Allow", Principal, Action: "sqs:SendMessage", Resource: Endpoint };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    const { QueueUrl = "" } = await sqs.send(
      new CreateQueueCommand({ QueueName, Attributes: { Policy, ...Attributes } }),
    );
    const bodies = async (count: number, seconds = 5) => {
      const deadline = Date.now() + seconds * 1000;
      const received: Record<string, unknown>[] = [];
      while (received.length < count && Date.now() < deadline) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 }),
        );
        if (Messages.length === 0) continue;
        received.push(...Messages.map(({ Body = "" }) => JSON.parse(Body)));
        await sqs.send(
          new DeleteMessageBatchCommand({
            QueueUrl,
            Entries: Messages.map(({ ReceiptHandle }, Id) => ({ Id: `${Id}`, ReceiptHandle })),
          }),
        );
      }
      return received;
    };
    return { QueueUrl, Endpoint, bodies };
  }

  function describeByQuery(endpoint: string): Promise<string> {
    return byQuery(endpoint, {
      Action: "DescribeAlarms",
      "AlarmTypes.member.1": "MetricAlarm",
      "AlarmTypes.member.2": "CompositeAlarm",
    });
  }

  async function byQuery(endpoint: string, form: Readonly<Record<string, string>>): Promise<string> {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ ...form, Version: "2010-08-01" }).toString();
    const response = await signedFetch(
      endpoint,
      { method: "POST", headers, body },
      { service: "monitoring" },
    );
    return response.text();
  }
});
