import { limitsOf, oneOf, upTo, whole } from "./accepts";

export const observabilityLimits = [
  ...limitsOf("aws_cloudwatch_metric_alarm", "CloudWatch API, PutMetricAlarm", {
    alarm_description: upTo(1_024),
    comparison_operator: oneOf(
      "GreaterThanOrEqualToThreshold",
      "GreaterThanThreshold",
      "GreaterThanUpperThreshold",
      "LessThanLowerOrGreaterThanUpperThreshold",
      "LessThanLowerThreshold",
      "LessThanOrEqualToThreshold",
      "LessThanThreshold",
    ),
    datapoints_to_alarm: whole(1, 1_000_000),
    evaluate_low_sample_count_percentiles: oneOf("evaluate", "ignore"),
    evaluation_periods: whole(1, 1_000_000),
    statistic: oneOf("Average", "Maximum", "Minimum", "SampleCount", "Sum"),
    treat_missing_data: oneOf("breaching", "notBreaching", "ignore", "missing"),
  }),
  ...limitsOf("aws_cloudwatch_composite_alarm", "CloudWatch API, PutCompositeAlarm", {
    alarm_description: upTo(1_024),
    alarm_rule: upTo(10_240),
  }),
  ...limitsOf("aws_cloudwatch_log_group", "CloudWatch Logs API, CreateLogGroup", {
    log_group_class: oneOf("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
  }),
  ...limitsOf("aws_cloudwatch_log_subscription_filter", "CloudWatch Logs API, PutSubscriptionFilter", {
    distribution: oneOf("Random", "ByLogStream"),
    filter_pattern: upTo(1_024),
    name: upTo(512),
  }),
  ...limitsOf("aws_cloudwatch_log_metric_filter", "CloudWatch Logs API, PutMetricFilter", {
    name: upTo(512),
    pattern: upTo(1_024),
  }),
];
