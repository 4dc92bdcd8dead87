import { application } from "../../stacks/environments";
import type { Block, JsonObject } from "../support/block";
import { dependenciesOf } from "../support/dependencies";
import { observedStack as stack } from "../support/observed-stack";

const delivery = stack.only("aws_kinesis_firehose_delivery_stream");
const s3 = delivery.attributes.extended_s3_configuration as JsonObject;
const accessLog = stack.at("aws_cloudwatch_log_group", "access-log/group");
const subscription = stack.only("aws_cloudwatch_log_subscription_filter");
const errors = stack.at("aws_cloudwatch_log_group", "access-log-delivery/errors/group");

const wait = stack.only("terraform_data");

const role = (id: string) => stack.at("aws_iam_role", `access-log-delivery/${id}-role`);
const policy = (id: string) => stack.at("aws_iam_role_policy", `access-log-delivery/${id}-policy`);
const statements = (block: Block, attribute = "policy") =>
  (block.parsed(attribute) as { readonly Statement: readonly JsonObject[] }).Statement;

describe("AccessLogDelivery", () => {
  it("subscribes the stream to every line of the access log", () => {
    expect(subscription.attributes).toEqual({
      name: `${application.name}-access-log-dev`,
      log_group_name: accessLog.ref("name"),
      filter_pattern: "",
      destination_arn: delivery.ref("arn"),
      role_arn: role("subscription").ref("arn"),
      depends_on: [policy("subscription").address, wait.address],
    });
  });

  it("subscribes only when the role has existed for 30 seconds, and waits again for a role that replaces it", () => {
    expect(wait.attributes).toEqual({
      triggers_replace: { role: role("subscription").ref("unique_id") },
      provisioner: [{ "local-exec": { command: "sleep 30" } }],
    });
    expect(dependenciesOf(stack, subscription)).toContain(wait);
  });

  it("waits while the stream is created, not after it", () => {
    expect(dependenciesOf(stack, wait)).not.toContain(delivery);
    expect(dependenciesOf(stack, delivery)).not.toContain(wait);
  });

  it("removes the envelope of CloudWatch Logs and compresses once", () => {
    expect(s3.processing_configuration).toEqual({
      enabled: true,
      processors: [
        {
          type: "Decompression",
          parameters: [{ parameter_name: "CompressionFormat", parameter_value: "GZIP" }],
        },
        {
          type: "CloudWatchLogProcessing",
          parameters: [{ parameter_name: "DataMessageExtraction", parameter_value: "true" }],
        },
      ],
    });
    expect(s3.compression_format).toBe("GZIP");
  });

  it("stores objects by date, and failed deliveries separately", () => {
    expect(s3).toMatchObject({
      prefix: "access-log/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/",
      error_output_prefix:
        "failed/!{firehose:error-output-type}/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/",
      custom_time_zone: "UTC",
      file_extension: ".jsonl.gz",
      buffering_interval: 300,
    });
  });

  it("delivers with a role that can write under those two prefixes only, and that Firehose can assume for this account only", () => {
    const bucket = stack.at("aws_s3_bucket", "log-bucket/bucket/bucket").ref("arn");

    expect(s3.role_arn).toBe(role("delivery").ref("arn"));
    expect(delivery.attributes.depends_on).toEqual([policy("delivery").address]);
    expect(statements(policy("delivery")).map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      {
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: bucket,
      },
      {
        Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
        Resource: [`${bucket}/access-log/*`, `${bucket}/failed/*`],
      },
      {
        Action: "logs:PutLogEvents",
        Resource: `${errors.ref("arn")}:log-stream:${stack.only("aws_cloudwatch_log_stream").ref("name")}`,
      },
    ]);
    expect(statements(role("delivery"), "assume_role_policy")).toMatchObject([
      {
        Principal: { Service: "firehose.amazonaws.com" },
        Condition: { StringEquals: { "sts:ExternalId": expect.stringMatching(/^\$\{local\..*\}$/) } },
      },
    ]);
  });

  it("subscribes with a role that can put records into this stream only", () => {
    expect(statements(policy("subscription"))).toEqual([
      {
        Sid: "OwnStream",
        Effect: "Allow",
        Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
        Resource: delivery.ref("arn"),
      },
    ]);
    expect(statements(role("subscription"), "assume_role_policy")).toMatchObject([
      { Condition: { ArnLike: { "aws:SourceArn": [accessLog.ref("arn"), `${accessLog.ref("arn")}:*`] } } },
    ]);
  });

  it("logs failed deliveries to its own log group for 14 days", () => {
    expect(errors.attributes).toMatchObject({
      name: `/aws/kinesisfirehose/${application.name}-access-log-dev`,
      retention_in_days: 14,
    });
    expect(s3.cloudwatch_logging_options).toMatchObject({
      enabled: true,
      log_group_name: errors.ref("name"),
    });
  });

  it("is one of the two writers that the bucket allows, together with the API's own stage", () => {
    const [, firehose, apiGateway] = statements(stack.at("aws_s3_bucket_policy", "log-bucket/bucket/policy"));

    expect(firehose?.Principal).toEqual({ AWS: role("delivery").ref("arn") });
    expect(apiGateway?.Condition).toMatchObject({
      ArnLike: { "aws:SourceArn": stack.only("aws_api_gateway_stage").ref("arn") },
    });
  });
});
