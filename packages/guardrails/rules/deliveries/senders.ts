import type { Resource } from "../../stack-view";

/** What a delivery goes to. */
export type TargetKind =
  | "queue"
  | "topic"
  | "function"
  | "data stream"
  | "Firehose stream"
  | "event bus"
  | "bucket"
  | "log group"
  | "state machine"
  | "API destination";

export const targetTypes: Readonly<Record<string, TargetKind>> = {
  aws_cloudwatch_event_api_destination: "API destination",
  aws_cloudwatch_event_bus: "event bus",
  aws_cloudwatch_log_group: "log group",
  aws_kinesis_firehose_delivery_stream: "Firehose stream",
  aws_kinesis_stream: "data stream",
  aws_lambda_alias: "function",
  aws_lambda_function: "function",
  aws_s3_bucket: "bucket",
  aws_sfn_state_machine: "state machine",
  aws_sns_topic: "topic",
  aws_sqs_queue: "queue",
};

/** The action that sends to each kind of target. */
export const sendActions: Readonly<Record<TargetKind, readonly string[]>> = {
  "API destination": ["events:InvokeApiDestination"],
  bucket: ["s3:PutObject"],
  "data stream": ["kinesis:PutRecord"],
  "event bus": ["events:PutEvents"],
  "Firehose stream": ["firehose:PutRecord"],
  function: ["lambda:InvokeFunction"],
  "log group": ["logs:CreateLogStream", "logs:PutLogEvents"],
  queue: ["sqs:SendMessage"],
  "state machine": ["states:StartExecution"],
  topic: ["sns:Publish"],
};

/** A way in which a service delivers for a resource of a stack. */
export interface Sender {
  /** Type of the resource, or several. */
  readonly types: readonly string[];
  /** The attributes with targets. `a.b` is in nested blocks, of which there may be several. */
  readonly attributes: readonly string[];
  /** The attribute contains JSON, and this is the name of the target in it. */
  readonly inJson?: string;
  /** The service that delivers, by the kind of the target if they differ. `<region>` is the resource's Region. */
  readonly service: string | Partial<Readonly<Record<TargetKind | "default", string>>>;
  /** Kinds that the policy of the target lets the service send to. */
  readonly byPolicy: readonly TargetKind[];
  /** Kinds that the service sends to with a role, and the attribute that names it. `function` is the role of the function. */
  readonly byRole?: { readonly attribute: string; readonly kinds: readonly TargetKind[] };
  /** The ARN that the service names as the source. */
  readonly source: SourceName;
  /** Whether a FIFO queue or topic can be the target. @default never */
  readonly fifo?: (sender: Resource) => boolean;
  /** Whether other kinds of targets are rejected. @default false */
  readonly only?: boolean;
  /** Actions that replace the usual ones. */
  readonly actions?: Partial<Readonly<Record<TargetKind, readonly string[]>>>;
  /** Whether a topic without a policy lets the service publish. @default false */
  readonly defaultTopicPolicy?: boolean;
  /** Whether the role's own policies must allow it, whatever the target's policy allows. @default false */
  readonly ownGrant?: boolean;
  /** Where this is documented. */
  readonly documented: string;
}

/** How the source's ARN is found. */
export type SourceName =
  | "own"
  | "rule"
  | "topic"
  | "bucket"
  | "log group"
  | "budgets"
  /** The service names no source, or one that is not documented. */
  | "unknown";

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
