import { gzipSync } from "node:zlib";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { cbor, SmithyRpcV2CborProtocol } from "@smithy/core/cbor";
import { signedFetch } from "../signed-fetch";
import { type ClientConfig, expectGap, useEmulators } from "./emulators";

describe("CloudWatch's CBOR protocol", () => {
  const emulators = useEmulators();
  const clientOf = (config: ClientConfig) =>
    new CloudWatchClient({ ...config, protocol: SmithyRpcV2CborProtocol, maxAttempts: 1 });
  const alarm = {
    ...{ AlarmName: "a", Namespace: "N", MetricName: "M", Statistic: "Sum" as const, Period: 60 },
    ...{ EvaluationPeriods: 1, Threshold: 1.5, ComparisonOperator: "LessThanThreshold" as const },
  };
  const time = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000);
  const MetricData = [{ MetricName: "M", Timestamp: time, Value: 2.5 }];
  const range = { StartTime: new Date(time.getTime() - 60_000), EndTime: new Date() };

  it("is not read by MiniStack", async () => {
    const error = await clientOf(emulators.bare)
      .send(new DescribeAlarmsCommand({}))
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );

    expectGap(error === undefined, "cloud-watch-cbor");
    expect(error).toMatchObject({ message: expect.stringMatching(/^CBOR: /) });
  });

  it("carries alarms, data and times both ways", async () => {
    const cloudWatch = clientOf(emulators.withGaps);

    await cloudWatch.send(new PutMetricAlarmCommand(alarm));
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: "N", MetricData }));
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["a"] }));
    const { Datapoints } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: "N", MetricName: "M", Period: 60, Statistics: ["Sum"], ...range },
      }),
    );
    const { MetricDataResults } = await cloudWatch.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: [
          { Id: "m", MetricStat: { Metric: { Namespace: "N", MetricName: "M" }, Period: 60, Stat: "Sum" } },
        ],
      }),
    );

    expect(MetricAlarms).toEqual([
      expect.objectContaining({ ...alarm, ActionsEnabled: true, StateUpdatedTimestamp: expect.any(Date) }),
    ]);
    expect(Datapoints).toEqual([expect.objectContaining({ Timestamp: time, Sum: 2.5 })]);
    expect(MetricDataResults).toEqual([expect.objectContaining({ Timestamps: [time], Values: [2.5] })]);
  });

  it("carries whole numbers, and leaves out what has no value", async () => {
    const cloudWatch = clientOf(emulators.withGaps);
    const whole = { ...alarm, AlarmName: "whole", Threshold: 1 };

    await cloudWatch.send(new PutMetricAlarmCommand(whole));
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["whole"] }));

    expect(MetricAlarms).toEqual([expect.objectContaining(whole)]);
    expect(MetricAlarms?.[0]?.ExtendedStatistic).toBeUndefined();
  });

  // Not by the SDK for JavaScript, which compresses from 10 KB on, but sends the length of the uncompressed body in CBOR.
  it("carries compressed data", async () => {
    const data = Array.from({ length: 500 }, (_, Value) => ({ MetricName: "many", Value }));

    const response = await signedFetch(
      `${emulators.withGaps.endpoint}/service/GraniteServiceVersion20100801/operation/PutMetricData`,
      {
        method: "POST",
        headers: {
          ...{ "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
          "content-encoding": "gzip",
        },
        body: new Uint8Array(gzipSync(cbor.serialize({ Namespace: "N", MetricData: data }))),
      },
      { service: "monitoring" },
    );
    const { Datapoints = [] } = await clientOf(emulators.withGaps).send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: "N", MetricName: "many", Period: 86_400, Statistics: ["SampleCount", "Sum"] },
        ...{ StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 600_000) },
      }),
    );

    expect(response.status).toBe(200);
    expect(Datapoints[0]).toMatchObject({ SampleCount: 500, Sum: (499 * 500) / 2 });
  });

  it("carries errors", async () => {
    const state = { AlarmName: "gone", StateValue: "OK" as const, StateReason: "a test" };

    await expect(clientOf(emulators.withGaps).send(new SetAlarmStateCommand(state))).rejects.toMatchObject({
      name: "ResourceNotFound",
      message: "Alarm gone not found",
      $metadata: { httpStatusCode: 404 },
    });
  });
});
