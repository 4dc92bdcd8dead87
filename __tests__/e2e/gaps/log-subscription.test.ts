import { gunzipSync } from "node:zlib";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateDeliveryStreamCommand, FirehoseClient } from "@aws-sdk/client-firehose";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { account, type ClientConfig, expectGap, region, useEmulators } from "./emulators";
import { bucket, destination } from "./line-destination";

describe("log subscription", () => {
  const emulators = useEmulators();

  const stream = { logGroupName: "/gaps/lines", logStreamName: "stream" };
  const today = new Date().toISOString().slice(0, 10).replaceAll("-", "/");

  beforeAll(async () => {
    const logs = new CloudWatchLogsClient(emulators.bare);
    await new S3Client(emulators.bare).send(new CreateBucketCommand({ Bucket: bucket }));
    await new FirehoseClient(emulators.bare).send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: "lines",
        ExtendedS3DestinationConfiguration: destination,
      }),
    );
    await logs.send(new CreateLogGroupCommand(stream));
    await logs.send(new CreateLogStreamCommand(stream));
    await logs.send(
      new PutSubscriptionFilterCommand({
        ...stream,
        filterName: "to-bucket",
        filterPattern: "",
        destinationArn: `arn:aws:firehose:${region}:${account}:deliverystream/lines`,
        roleArn: `arn:aws:iam::${account}:role/gaps`,
      }),
    );
  });

  it("is stored by MiniStack, but delivers no lines to Firehose", async () => {
    await put(emulators.bare, '{"line":0}');

    expectGap((await objects()).length > 0, "log-subscription");
  });

  it("delivers lines to the bucket, compressed once, under the day's prefix", async () => {
    await put(emulators.withGaps, '{"line":1}', '{"line":2}');
    await put(emulators.withGaps, '{"line":3}');
    await emulators.gateway.settle();

    const [key = "", ...others] = await objects();
    expect(key).toMatch(
      new RegExp(`^access/${today}/lines-1-${today.replaceAll("/", "-")}-[0-9a-f-]+\\.gz$`),
    );
    expect(others).toEqual([]);
    const { Body } = await new S3Client(s3Config()).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const content = gunzipSync((await Body?.transformToByteArray()) ?? "").toString();
    expect(content).toBe('{"line":1}\n{"line":2}\n{"line":3}\n');
  });

  it("publishes whether deliveries succeed", async () => {
    const before = await successes();
    await new S3Client(s3Config()).send(
      new DeleteObjectCommand({ Bucket: bucket, Key: (await objects())[0] }),
    );
    await new S3Client(s3Config()).send(new DeleteBucketCommand({ Bucket: bucket }));

    await put(emulators.withGaps, '{"line":4}');
    await emulators.gateway.settle();

    expect([before, await successes()]).toEqual([
      { SampleCount: 1, Sum: 1 },
      { SampleCount: 2, Sum: 1 },
    ]);
  });

  async function successes() {
    const { Datapoints = [] } = await new CloudWatchClient(emulators.withGaps).send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: "AWS/Firehose", MetricName: "DeliveryToS3.Success", Period: 86_400 },
        ...{
          Dimensions: [{ Name: "DeliveryStreamName", Value: "lines" }],
          Statistics: ["SampleCount", "Sum"],
        },
        ...{ StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 600_000) },
      }),
    );
    const total = (name: "SampleCount" | "Sum") =>
      Datapoints.reduce((sum, datapoint) => sum + (datapoint[name] ?? 0), 0);
    return { SampleCount: total("SampleCount"), Sum: total("Sum") };
  }

  async function put(config: ClientConfig, ...messages: readonly string[]): Promise<void> {
    const logEvents = messages.map((message) => ({ timestamp: Date.now(), message }));
    await new CloudWatchLogsClient(config).send(new PutLogEventsCommand({ ...stream, logEvents }));
  }

  async function objects(): Promise<string[]> {
    const { Contents = [] } = await new S3Client(s3Config()).send(
      new ListObjectsV2Command({ Bucket: bucket }),
    );
    return Contents.map(({ Key = "" }) => Key);
  }

  function s3Config() {
    return { ...emulators.bare, forcePathStyle: true };
  }
});
