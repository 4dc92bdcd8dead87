import type { Resource } from "../../stack-view";
import type { Sender } from "./sender";

const aws = "https://docs.aws.amazon.com";
const lambdaGuide = `${aws}/lambda/latest/dg`;
const eventBridge = `${aws}/eventbridge/latest/userguide`;

/** Every sender. A target that is not in the stack is not judged. */
export const senders: readonly Sender[] = [
  {
    types: ["aws_cloudwatch_event_target"],
    attributes: ["arn"],
    service: "events.amazonaws.com",
    byPolicy: ["queue", "topic", "function", "log group"],
    byRole: {
      attribute: "role_arn",
      kinds: ["data stream", "Firehose stream", "event bus", "state machine", "API destination"],
    },
    source: "rule",
    fifo: (target) => target.has("sqs_target.message_group_id"),
    documented: `${eventBridge}/eb-use-resource-based.html, ${eventBridge}/eb-events-iam-roles.html`,
  },
  {
    types: ["aws_cloudwatch_event_target"],
    attributes: ["dead_letter_config.arn"],
    service: "events.amazonaws.com",
    byPolicy: ["queue"],
    source: "rule",
    only: true,
    documented: `${eventBridge}/eb-rule-dlq.html`,
  },
  {
    types: ["aws_sns_topic_subscription"],
    attributes: ["endpoint"],
    service: "sns.amazonaws.com",
    byPolicy: ["queue", "function"],
    byRole: { attribute: "subscription_role_arn", kinds: ["Firehose stream"] },
    source: "topic",
    fifo: (subscription) => isFifoTopic(subscription) !== false,
    documented: `${aws}/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html, ${aws}/sns/latest/dg/sns-fifo-topic-message-delivery.html`,
  },
  {
    types: ["aws_sns_topic_subscription"],
    attributes: ["redrive_policy"],
    inJson: "deadLetterTargetArn",
    service: "sns.amazonaws.com",
    byPolicy: ["queue"],
    source: "topic",
    fifo: (subscription) => isFifoTopic(subscription) !== false,
    only: true,
    documented: `${aws}/sns/latest/dg/sns-configure-dead-letter-queue.html`,
  },
  {
    types: ["aws_scheduler_schedule"],
    attributes: ["target.arn"],
    service: "scheduler.amazonaws.com",
    byPolicy: [],
    byRole: {
      attribute: "target.role_arn",
      kinds: ["queue", "topic", "function", "data stream", "Firehose stream", "event bus", "state machine"],
    },
    source: "unknown",
    fifo: (schedule) => schedule.has("target.sqs_parameters.message_group_id"),
    documented: `${aws}/scheduler/latest/UserGuide/managing-targets-templated.html`,
  },
  {
    types: ["aws_scheduler_schedule"],
    attributes: ["target.dead_letter_config.arn"],
    service: "scheduler.amazonaws.com",
    byPolicy: [],
    byRole: { attribute: "target.role_arn", kinds: ["queue"] },
    source: "unknown",
    only: true,
    documented: `${aws}/scheduler/latest/UserGuide/configuring-schedule-dlq.html`,
  },
  {
    types: ["aws_s3_bucket_notification"],
    attributes: ["queue.queue_arn", "topic.topic_arn", "lambda_function.lambda_function_arn"],
    service: "s3.amazonaws.com",
    byPolicy: ["queue", "topic", "function"],
    source: "bucket",
    only: true,
    documented: `${aws}/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html`,
  },
  {
    types: ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"],
    attributes: ["alarm_actions", "ok_actions", "insufficient_data_actions"],
    service: { default: "cloudwatch.amazonaws.com", function: "lambda.alarms.cloudwatch.amazonaws.com" },
    byPolicy: ["topic", "function"],
    source: "own",
    only: true,
    defaultTopicPolicy: true,
    documented: `${aws}/AmazonCloudWatch/latest/monitoring/alarm-actions.html`,
  },
  {
    types: ["aws_budgets_budget"],
    attributes: ["notification.subscriber_sns_topic_arns"],
    service: "budgets.amazonaws.com",
    byPolicy: ["topic"],
    source: "budgets",
    only: true,
    documented: `${aws}/cost-management/latest/userguide/budgets-sns-policy.html`,
  },
  {
    types: ["aws_cloudwatch_log_subscription_filter"],
    attributes: ["destination_arn"],
    service: "logs.amazonaws.com logs.<region>.amazonaws.com",
    byPolicy: ["function"],
    byRole: { attribute: "role_arn", kinds: ["data stream", "Firehose stream"] },
    source: "log group",
    only: true,
    actions: { "Firehose stream": ["firehose:PutRecord", "firehose:PutRecordBatch"] },
    documented: `${aws}/AmazonCloudWatch/latest/logs/SubscriptionFilters.html`,
  },
  {
    types: ["aws_kinesis_firehose_delivery_stream"],
    attributes: [
      "extended_s3_configuration.bucket_arn",
      "extended_s3_configuration.processing_configuration.processors.parameters.LambdaArn",
    ],
    service: "firehose.amazonaws.com",
    byPolicy: [],
    byRole: { attribute: "extended_s3_configuration.role_arn", kinds: ["bucket", "function"] },
    source: "own",
    ownGrant: true,
    documented: `${aws}/firehose/latest/dev/controlling-access.html`,
  },
  {
    types: ["aws_kinesis_firehose_delivery_stream"],
    attributes: ["extended_s3_configuration.s3_backup_configuration.bucket_arn"],
    service: "firehose.amazonaws.com",
    byPolicy: [],
    byRole: {
      attribute: "extended_s3_configuration.s3_backup_configuration.role_arn",
      kinds: ["bucket"],
    },
    source: "own",
    ownGrant: true,
    documented: `${aws}/firehose/latest/dev/controlling-access.html`,
  },
  {
    types: ["aws_lambda_function"],
    attributes: ["dead_letter_config.target_arn"],
    service: "lambda.amazonaws.com",
    byPolicy: [],
    byRole: { attribute: "function", kinds: ["queue", "topic"] },
    source: "unknown",
    only: true,
    documented: `${lambdaGuide}/invocation-async-retain-records.html`,
  },
  {
    types: ["aws_lambda_function_event_invoke_config"],
    attributes: ["destination_config.on_failure.destination", "destination_config.on_success.destination"],
    service: "lambda.amazonaws.com",
    byPolicy: [],
    byRole: { attribute: "function", kinds: ["queue", "topic", "function", "event bus", "bucket"] },
    source: "unknown",
    only: true,
    documented: `${lambdaGuide}/invocation-async-retain-records.html`,
  },
  {
    types: ["aws_lambda_event_source_mapping"],
    attributes: ["destination_config.on_failure.destination_arn"],
    service: "lambda.amazonaws.com",
    byPolicy: [],
    byRole: { attribute: "function", kinds: ["queue", "topic", "bucket"] },
    source: "unknown",
    only: true,
    actions: { bucket: ["s3:PutObject", "s3:ListBucket"] },
    documented: `${lambdaGuide}/invocation-eventsourcemapping.html, ${lambdaGuide}/kinesis-on-failure-destination.html`,
  },
];

/** Undefined if the topic is not in the stack, or only Terraform knows. */
function isFifoTopic(subscription: Resource): boolean | undefined {
  const topic = subscription.follow("topic_arn", "aws_sns_topic");
  return !topic || topic.isUnknown("fifo_topic") ? undefined : topic.isTrue("fifo_topic");
}
