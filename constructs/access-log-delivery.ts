import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { accountIdOf, regionOf } from "./arn";
import type { CustomerKey } from "./customer-key";
import { ExclusivePolicies } from "./exclusive-policies";
import type { LogBucket } from "./log-bucket";
import { LogGroup } from "./log-group";
import type { LogRetentionDays } from "./log-retention";
import { physicalName } from "./naming";
import { policyDocument } from "./policy-document";
import type { RestApi } from "./rest-api";
import { RolePropagation } from "./role-propagation";
import { validateProps } from "./validation";

export interface AccessLogDeliveryProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** The API whose access log is delivered. */
  readonly api: RestApi;
  readonly bucket: LogBucket;
  /** How long Firehose collects lines before it writes an object, 60 to 900 seconds. @default 300 */
  readonly bufferingSeconds?: number;
  /** How many days CloudWatch keeps Firehose's delivery errors. */
  readonly logRetentionDays: LogRetentionDays;
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * Copies an API's access log to a bucket: a subscription on the log group feeds a Firehose stream, which removes the
 * compression and envelope that CloudWatch Logs adds. Objects are stored under `access-log/` by date (UTC). Each is
 * gzipped once and contains one line of JSON per request. Whatever cannot be delivered is stored under `failed/`.
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
      description: "Lets Firehose write the access log to its bucket",
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
        // Firehose sends the account it acts for as the external ID, and does not send aws:SourceArn ("Controlling
        // access" in its guide).
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
    new ExclusivePolicies(this, "delivery-exclusive-policies", {
      role: deliveryRole,
      inline: [deliveryPolicy],
    });
    bucket.admitWriters(deliveryRole, { accountId, sourceArn: api.stage.arn });

    const byDate = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/";
    const stream = new KinesisFirehoseDeliveryStream(this, "stream", {
      name: streamName,
      destination: "extended_s3",
      // Firehose creates its own grant on a customer-managed key, with the permissions of whoever deploys.
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
      description: "Lets CloudWatch Logs send the access log to its Firehose stream",
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: "sts:AssumeRole",
        Condition: { ArnLike: { "aws:SourceArn": [accessLog.arn, `${accessLog.arn}:*`] } },
      }),
    });
    const propagation = new RolePropagation(this, "subscription-role-propagation", {
      role: subscriptionRole,
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
    new ExclusivePolicies(this, "subscription-exclusive-policies", {
      role: subscriptionRole,
      inline: [subscriptionPolicy],
    });
    const subscription = new CloudwatchLogSubscriptionFilter(this, "subscription", {
      name: streamName,
      logGroupName: accessLog.name,
      // Matches every line.
      filterPattern: "",
      destinationArn: stream.arn,
      roleArn: subscriptionRole.arn,
      // CloudWatch Logs tries to write to the stream when the filter is created. hashicorp/aws 5.100.0 tries again while
      // the stream refuses the test message, but not while the role cannot be assumed (its pull request #43762).
      dependsOn: [subscriptionPolicy, propagation.wait],
    });
    const reason = "every line of the access log reaches the bucket";
    promise(errorStream, reason, ["name", "log_group_name"]);
    for (const role of [deliveryRole, subscriptionRole])
      promise(role, reason, ["name", "assume_role_policy"]);
    for (const policy of [deliveryPolicy, subscriptionPolicy]) promise(policy, reason, ["role", "policy"]);
    promise(stream, `${reason}, by date`, [
      "name",
      "destination",
      "server_side_encryption",
      "extended_s3_configuration",
    ]);
    promise(subscription, reason, [
      "log_group_name",
      "filter_pattern",
      "destination_arn",
      "role_arn",
      "distribution",
    ]);
    this.streamName = stream.name;
  }
}
