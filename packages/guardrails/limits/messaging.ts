import { limitsOf, matching, oneOf, upTo, whole } from "./accepts";

export const messagingLimits = [
  ...limitsOf("aws_sqs_queue", "SQS API, SetQueueAttributes", {
    delay_seconds: whole(0, 900),
    kms_data_key_reuse_period_seconds: whole(60, 86_400),
    max_message_size: whole(1_024, 1_048_576),
    message_retention_seconds: whole(60, 1_209_600),
    receive_wait_time_seconds: whole(0, 20),
    visibility_timeout_seconds: whole(0, 43_200),
    deduplication_scope: oneOf("messageGroup", "queue"),
    fifo_throughput_limit: oneOf("perQueue", "perMessageGroupId"),
  }),
  ...limitsOf("aws_sns_topic", "SNS API, CreateTopic", {
    display_name: upTo(100),
    signature_version: oneOf("1", "2"),
    tracing_config: oneOf("PassThrough", "Active"),
  }),
  ...limitsOf("aws_sns_topic_subscription", "SNS API, Subscribe", {
    filter_policy_scope: oneOf("MessageAttributes", "MessageBody"),
    protocol: oneOf(
      "application",
      "email",
      "email-json",
      "firehose",
      "http",
      "https",
      "lambda",
      "sms",
      "sqs",
    ),
  }),
  ...limitsOf("aws_cloudwatch_event_rule", "EventBridge API, PutRule", {
    description: upTo(512),
    event_pattern: upTo(4_096),
    state: oneOf("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
  }),
  ...limitsOf("aws_cloudwatch_event_target", "EventBridge API, PutTargets", {
    input: upTo(8_192),
    target_id: matching(/^[\w.-]{1,64}$/, "1 to 64 letters, digits and ._-"),
    "retry_policy.maximum_event_age_in_seconds": whole(60, 86_400),
    "retry_policy.maximum_retry_attempts": whole(0, 185),
  }),
  ...limitsOf("aws_cloudwatch_event_archive", "EventBridge API, CreateArchive", {
    retention_days: whole(0, 36_500),
  }),
  ...limitsOf("aws_scheduler_schedule", "EventBridge Scheduler API, CreateSchedule", {
    "flexible_time_window.maximum_window_in_minutes": whole(1, 1_440),
    "flexible_time_window.mode": oneOf("OFF", "FLEXIBLE"),
    state: oneOf("ENABLED", "DISABLED"),
    "target.retry_policy.maximum_event_age_in_seconds": whole(60, 86_400),
    "target.retry_policy.maximum_retry_attempts": whole(0, 185),
  }),
];
