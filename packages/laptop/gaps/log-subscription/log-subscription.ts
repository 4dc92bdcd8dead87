import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeSubscriptionFiltersCommand,
  type InputLogEvent,
  type SubscriptionFilter,
} from "@aws-sdk/client-cloudwatch-logs";
import { DescribeDeliveryStreamCommand } from "@aws-sdk/client-firehose";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { type Answer, type Call, type Gap, hasSucceeded, type RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import { Batches } from "../shared/batches";
import type { Report } from "../shared/report";
import { objectBody, objectKey } from "./delivery-object";

/** Firehose buffers for 60 to 900 seconds, which is too long to wait on a laptop. */
const bufferMilliseconds = 1_000;

interface PutLogEvents {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logEvents: readonly InputLogEvent[];
}

/** Delivers log lines to the Firehose streams that subscribe to their log group, and so to the streams' S3 buckets. */
export class LogSubscription implements Gap {
  readonly name = "log-subscription";
  private readonly puts = new Batches<PutLogEvents>({
    milliseconds: 0,
    deliver: (key, puts) => this.send(key, puts),
    failed: (error) => void this.report(this.name, error),
  });
  private readonly records = new Batches<Buffer>({
    milliseconds: bufferMilliseconds,
    deliver: (arn, records) => this.deliver(arn, records),
    failed: (error) => void this.report(this.name, error),
  });

  constructor(
    private readonly clients: AwsClients,
    private readonly report: Report,
  ) {}

  claims({ service, action }: RequestHead): boolean {
    return service === "logs" && action === "PutLogEvents";
  }

  async intercept(call: Call): Promise<Answer> {
    const answer = await call.pass();
    if (!hasSucceeded(answer)) return answer;
    const put: PutLogEvents = JSON.parse(call.body.toString());
    this.puts.add(JSON.stringify([call.head.region, put.logGroupName]), put);
    return answer;
  }

  async settle(): Promise<void> {
    await this.puts.settle();
    await this.records.settle();
  }

  private async send(key: string, puts: readonly PutLogEvents[]): Promise<void> {
    const [region, logGroupName] = JSON.parse(key) as [string, string];
    const logs = this.clients.logs(region);
    const { subscriptionFilters = [] } = await logs.send(
      new DescribeSubscriptionFiltersCommand({ logGroupName }),
    );
    for (const filter of subscriptionFilters) {
      const { destinationArn = "" } = filter;
      if (!/^arn:aws:firehose:.*:deliverystream\//.test(destinationArn)) continue;
      if (!(await this.mayPut(region, filter))) continue;
      for (const put of puts) this.records.add(destinationArn, record(filter, put));
    }
  }

  /** CloudWatch Logs writes to the stream with the filter's role. */
  private mayPut(region: string, filter: SubscriptionFilter): Promise<boolean> {
    const { roleArn: role = "", destinationArn = "", logGroupName } = filter;
    const account = destinationArn.split(":")[4] ?? "";
    const keys = {
      "aws:SourceArn": `arn:aws:logs:${region}:${account}:log-group:${logGroupName}:*`,
      "aws:SourceAccount": account,
    };
    const acting = { role, region, keys, service: `logs.${region}.amazonaws.com`, session: "logs" };
    return this.clients.mayCall(acting, "firehose:PutRecordBatch", destinationArn);
  }

  private async deliver(arn: string, records: readonly Buffer[]): Promise<void> {
    const [, , , region = "", account = ""] = arn.split(":");
    const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName: arn.split("/")[1] });
    const { DeliveryStreamDescription: stream } = await this.clients.firehose(region).send(command);
    for (const { ExtendedS3DestinationDescription: destination } of stream?.Destinations ?? []) {
      if (!stream || !destination) continue;
      const put = new PutObjectCommand({
        Bucket: destination.BucketARN?.split(":::")[1],
        Key: objectKey(stream, destination, new Date()),
        Body: objectBody(destination, records),
        ContentType: "application/octet-stream",
      });
      let succeeded = false;
      try {
        const own = await this.clients.as({
          role: destination.RoleARN ?? "",
          session: stream.DeliveryStreamName ?? "",
          region,
          service: "firehose.amazonaws.com",
          keys: { "sts:ExternalId": account },
        });
        await own.s3(region).send(put);
        succeeded = true;
      } finally {
        await this.putMetrics(region, stream.DeliveryStreamName, succeeded);
      }
    }
  }

  private async putMetrics(region: string, name: string | undefined, succeeded: boolean): Promise<void> {
    const Dimensions = [{ Name: "DeliveryStreamName", Value: name }];
    const success = { MetricName: "DeliveryToS3.Success", Dimensions, Value: Number(succeeded) };
    // The age of the oldest record. One that could not be delivered is lost, so none gets older.
    const freshness = { MetricName: "DeliveryToS3.DataFreshness", Dimensions, Unit: "Seconds" as const };
    await this.clients.cloudWatch(region).send(
      new PutMetricDataCommand({
        Namespace: "AWS/Firehose",
        MetricData: [success, ...(succeeded ? [{ ...freshness, Value: bufferMilliseconds / 1000 }] : [])],
      }),
    );
  }
}

/** The record that CloudWatch Logs sends: the lines and where they come from, compressed. */
function record({ filterName, destinationArn = "" }: SubscriptionFilter, put: PutLogEvents): Buffer {
  const message = {
    messageType: "DATA_MESSAGE",
    owner: destinationArn.split(":")[4],
    logGroup: put.logGroupName,
    logStream: put.logStreamName,
    subscriptionFilters: [filterName],
    logEvents: put.logEvents.map((event) => ({ id: randomUUID(), ...event })),
  };
  return gzipSync(JSON.stringify(message));
}
