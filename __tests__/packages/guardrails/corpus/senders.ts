import { add, both, copy, type Edit, set } from "../edit";
import { allow, bucket, json, role, roleArn, topicArn } from "./parts";

const bucketArn = "${aws_s3_bucket.files.arn}";
const other = "arn:aws:sqs:eu-west-1:210987654321:of-another-team";

/** A stream that writes to a bucket of another team. */
export function firehose(attributes: object = {}, configuration: object = {}): Edit {
  return both(
    role(
      "delivery",
      "firehose.amazonaws.com",
      allow(["s3:PutObject", "s3:GetObject"], ["arn:aws:s3:::theirs/*", `${bucketArn}/*`]),
    ),
    add("aws_kinesis_firehose_delivery_stream", "f", {
      name: "f",
      destination: "extended_s3",
      server_side_encryption: { enabled: true },
      extended_s3_configuration: {
        role_arn: roleArn("delivery"),
        bucket_arn: "arn:aws:s3:::theirs",
        prefix: "year=!{timestamp:yyyy}/",
        error_output_prefix: "errors/!{firehose:error-output-type}/",
        cloudwatch_logging_options: { enabled: true, log_group_name: "/f", log_stream_name: "f" },
        ...configuration,
      },
      ...attributes,
    }),
  );
}

export const subscribed = (attributes: object): Edit =>
  add("aws_sns_topic_subscription", "s", {
    topic_arn: topicArn("t"),
    redrive_policy: json({ deadLetterTargetArn: other }),
    ...attributes,
  });
export const schedule = (arn: string, more: object = {}): Edit =>
  add("aws_scheduler_schedule", "s", {
    name: "s",
    schedule_expression: "rate(1 hour)",
    flexible_time_window: { mode: "OFF" },
    target: { arn, role_arn: roleArn("sender"), ...more },
  });
export const scheduler = (...all: readonly object[]): Edit =>
  role("sender", "scheduler.amazonaws.com", ...all);
export const notified = (attributes: object): Edit =>
  both(
    bucket("files"),
    add("aws_s3_bucket_notification", "n", { bucket: "${aws_s3_bucket.files.id}", ...attributes }),
  );
/** One more provider, of another Region. */
export function providerOf(name: string, region: string): Edit {
  return (stack) => {
    const aws = (stack.provider?.aws ?? []) as readonly object[];
    Object.assign(stack, { provider: { aws: [...aws, { alias: name, region }] } });
  };
}

export const alarmed = (arn: string): Edit =>
  both(
    copy("aws_cloudwatch_metric_alarm", "errors", "a"),
    set("aws_cloudwatch_metric_alarm", "a", "alarm_name", "a"),
    set("aws_cloudwatch_metric_alarm", "a", "alarm_actions", [arn]),
  );
export function lines(destination: string, attributes: object = {}): Edit {
  return both(
    add("aws_cloudwatch_log_group", "shop", { name: "/shop", retention_in_days: 14 }),
    add("aws_cloudwatch_log_subscription_filter", "lines", {
      name: "lines",
      log_group_name: "${aws_cloudwatch_log_group.shop.name}",
      filter_pattern: "",
      destination_arn: destination,
      ...attributes,
    }),
  );
}

export function budget(arn: string): Edit {
  return add("aws_budgets_budget", "b", {
    name: "b",
    budget_type: "COST",
    time_unit: "MONTHLY",
    limit_amount: "10",
    limit_unit: "USD",
    notification: [
      {
        comparison_operator: "GREATER_THAN",
        threshold: 80,
        threshold_type: "PERCENTAGE",
        notification_type: "ACTUAL",
        subscriber_sns_topic_arns: [arn],
      },
    ],
  });
}

export const expiring = add("aws_s3_bucket_lifecycle_configuration", "files", {
  bucket: "${aws_s3_bucket.files.id}",
  rule: [
    {
      id: "old",
      status: "Enabled",
      filter: [{ prefix: "" }],
      expiration: [{ days: 90 }],
      noncurrent_version_expiration: [{ noncurrent_days: 1 }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
    },
  ],
});
