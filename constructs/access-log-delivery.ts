import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import { Construct } from "constructs";
import { accountIdOf, regionOf } from "./arn";
import type { CustomerKey } from "./customer-key";
import type { LogBucket } from "./log-bucket";
import { LogGroup } from "./log-group";
import { physicalName } from "./naming";
import { policyDocument } from "./policy-document";
import type { RestApi } from "./rest-api";
import { validateProps } from "./validation";

export interface AccessLogDeliveryProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** Its stage's access log is delivered. */
  readonly api: RestApi;
  readonly bucket: LogBucket;
  /** How long a line waits for others, 60 to 900 seconds. @default 300 */
  readonly bufferingSeconds?: number;
  /** How long CloudWatch keeps a line about a delivery that failed, in days. */
  readonly logRetentionDays: number;
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * Copies an API's access log into a bucket: a subscription of its log group, and a Firehose stream that takes off the
 * compression and envelope of CloudWatch Logs. Each object lies below `access-log/` by date (UTC), and gunzips once to
 * one line of JSON a request. What cannot be delivered lies below `failed/`.
 */
export class AccessLogDelivery extends Construct {
  readonly streamName: string;

  constructor(scope: Construct, id: string, props: AccessLogDeliveryProps) {
    super(scope, id);
    const { api, bucket, bufferingSeconds = 300, encryptionKey } = props;
    validateProps(this, { bufferingSeconds: { value: bufferingSeconds, minimum: 60, maximum: 900 } });
    const streamName = physicalName(this, props.name);
    const { accessLog } = api.stage;
    const accountId = accountIdOf(this, accessLog.arn);
    const region = regionOf(this, accessLog.arn);

    const errors = new LogGroup(this, "errors", {
      name: `/aws/kinesisfirehose/${streamName}`,
      retentionDays: props.logRetentionDays,
      encryptionKey,
    });
    const errorStream = new CloudwatchLogStream(this, "error-stream", {
      name: "S3Delivery",
      logGroupName: errors.name,
    });

    const deliveryRole = new IamRole(this, "delivery-role", {
      name: streamName,
      description: "By which Firehose writes the access log to its bucket",
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
        // Firehose names the account for which it acts so, and by no aws:SourceArn ("Controlling access" in its guide).
        Condition: { StringEquals: { "sts:ExternalId": accountId } },
      }),
    });
    const deliveryPolicy = new IamRolePolicy(this, "delivery-policy", {
      name: streamName,
      role: deliveryRole.id,
      policy: policyDocument(
        {
          Sid: "Bucket",
          Effect: "Allow",
          Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
          Resource: bucket.arn,
        },
        {
          Sid: "Objects",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
          Resource: [`${bucket.arn}/access-log/*`, `${bucket.arn}/failed/*`],
        },
        {
          Sid: "OwnErrors",
          Effect: "Allow",
          Action: "logs:PutLogEvents",
          Resource: `${errors.arn}:log-stream:${errorStream.name}`,
        },
      ),
    });
    bucket.admitWriters(deliveryRole, { accountId, sourceArn: api.stage.arn });

    const byDate = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/";
    const stream = new KinesisFirehoseDeliveryStream(this, "stream", {
      name: streamName,
      destination: "extended_s3",
      // Firehose grants itself the use of a customer's key, by the rights of whoever deploys.
      serverSideEncryption: encryptionKey
        ? { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: encryptionKey.arn }
        : { enabled: true, keyType: "AWS_OWNED_CMK" },
      extendedS3Configuration: {
        roleArn: deliveryRole.arn,
        bucketArn: bucket.arn,
        bufferingInterval: bufferingSeconds,
        bufferingSize: 64,
        compressionFormat: "GZIP",
        prefix: `access-log/${byDate}`,
        errorOutputPrefix: `failed/!{firehose:error-output-type}/${byDate}`,
        customTimeZone: "UTC",
        fileExtension: ".jsonl.gz",
        processingConfiguration: {
          enabled: true,
          processors: [
            {
              type: "Decompression",
              parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
            },
            {
              type: "CloudWatchLogProcessing",
              parameters: [{ parameterName: "DataMessageExtraction", parameterValue: "true" }],
            },
          ],
        },
        cloudwatchLoggingOptions: {
          enabled: true,
          logGroupName: errors.name,
          logStreamName: errorStream.name,
        },
      },
      dependsOn: [deliveryPolicy],
    });

    const subscriptionRole = new IamRole(this, "subscription-role", {
      name: physicalName(this, `${props.name}-logs`),
      description: "By which CloudWatch Logs puts the access log into its Firehose stream",
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: "sts:AssumeRole",
        Condition: { ArnLike: { "aws:SourceArn": [accessLog.arn, `${accessLog.arn}:*`] } },
      }),
    });
    const subscriptionPolicy = new IamRolePolicy(this, "subscription-policy", {
      name: streamName,
      role: subscriptionRole.id,
      policy: policyDocument({
        Sid: "OwnStream",
        Effect: "Allow",
        Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
        Resource: stream.arn,
      }),
    });
    new CloudwatchLogSubscriptionFilter(this, "subscription", {
      name: streamName,
      logGroupName: accessLog.name,
      // Every line.
      filterPattern: "",
      destinationArn: stream.arn,
      roleArn: subscriptionRole.arn,
      // CloudWatch Logs tries to write when it is made.
      dependsOn: [subscriptionPolicy],
    });
    this.streamName = stream.name;
  }
}
