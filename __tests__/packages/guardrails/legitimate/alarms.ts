import { add, both } from "../edit";
import type { Legitimate } from "./legitimate";
import { alarm, composite } from "./parts";

const silentPart = (id: string) => alarm(id, { alarm_actions: [] });

/** Alarms that watch what this stack does not create, act through others, or look at long periods. */
export const alarmVariants: readonly Legitimate[] = [
  {
    variant: "a composite alarm that acts for parts without actions",
    parts: both(silentPart("a"), silentPart("b"), composite("both", "ALARM(a) AND ALARM(b)")),
  },
  {
    variant: "a composite alarm whose parts are referenced by name",
    parts: both(
      silentPart("a"),
      composite(
        "one",
        'ALARM("${aws_cloudwatch_metric_alarm.a.alarm_name}") OR ALARM(${aws_cloudwatch_metric_alarm.errors.alarm_name})',
      ),
    ),
  },
  {
    variant: "a composite of composites, of which only the outermost acts",
    parts: both(
      silentPart("a"),
      silentPart("b"),
      composite("inner", "ALARM(a) OR ALARM(b)", { alarm_actions: [] }),
      composite("outer", "ALARM(inner) AND NOT OK(worker-failed)"),
    ),
  },
  {
    variant: "a composite rule joined by a Terraform function",
    parts: composite(
      "joined",
      '${join(" OR ", ["ALARM(worker-errors)", "ALARM(${aws_cloudwatch_metric_alarm.failed.alarm_name})"])}',
    ),
  },
  {
    variant: "a composite rule that names another team's alarm by ARN",
    parts: composite(
      "others",
      'ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:other-team") OR ALARM(worker-errors)',
    ),
  },
  {
    variant: "a composite rule that negates",
    parts: composite("negates", "ALARM(worker-errors) AND NOT (ALARM(worker-failed))"),
  },
  { variant: "a composite rule that is TRUE", parts: composite("always", "TRUE") },
  {
    variant: "a composite rule that is switched off by FALSE",
    parts: composite("never", "ALARM(worker-errors) AND FALSE"),
  },
  {
    variant: "a composite rule over a name with quotes and spaces",
    parts: both(
      alarm("spaced", { alarm_name: "Orders failed (prod)" }),
      composite("quoted", 'ALARM("Orders failed (prod)")'),
    ),
  },
  {
    variant: "an alarm without actions that suppresses a composite's",
    parts: both(
      silentPart("deploying"),
      composite("suppressed", "ALARM(worker-errors)", {
        actions_suppressor: { alarm: "deploying", wait_period: 60, extension_period: 60 },
      }),
    ),
  },
  {
    variant: "an alarm over a week of hours",
    parts: alarm("weekly", { period: 3_600, evaluation_periods: 168, datapoints_to_alarm: 120 }),
  },
  {
    variant: "an alarm over a week of days",
    parts: alarm("daily", { period: 86_400, evaluation_periods: 7 }),
  },
  {
    variant: "an alarm over a day of minutes",
    parts: alarm("minutes", { period: 60, evaluation_periods: 1_440 }),
  },
  {
    variant: "an alarm of metric math",
    parts: alarm("ratio", {
      namespace: undefined,
      metric_name: undefined,
      statistic: undefined,
      period: undefined,
      metric_query: [
        { id: "e1", expression: "IF(m1 > 100, m2/m1, 0)", return_data: true },
        {
          id: "m1",
          metric: { namespace: "Orders", metric_name: "All", period: 60, stat: "Sum" },
        },
        {
          id: "m2",
          metric: { namespace: "Orders", metric_name: "Failed", period: 60, stat: "Sum" },
        },
      ],
    }),
  },
  {
    variant: "an anomaly alarm",
    parts: alarm("anomaly", {
      namespace: undefined,
      metric_name: undefined,
      statistic: undefined,
      period: undefined,
      threshold: undefined,
      threshold_metric_id: "ad1",
      comparison_operator: "LessThanLowerOrGreaterThanUpperThreshold",
      metric_query: [
        { id: "ad1", expression: "ANOMALY_DETECTION_BAND(m1, 2)", return_data: true },
        {
          id: "m1",
          return_data: true,
          metric: { namespace: "Orders", metric_name: "All", period: 300, stat: "p99" },
        },
      ],
    }),
  },
  {
    variant: "an alarm that searches its metrics",
    parts: alarm("search", {
      namespace: undefined,
      metric_name: undefined,
      statistic: undefined,
      period: undefined,
      metric_query: [
        {
          id: "q1",
          expression: 'SELECT SUM(Errors) FROM "AWS/Lambda"',
          period: 60,
          return_data: true,
        },
      ],
    }),
  },
  {
    variant: "an alarm's topic by data source",
    parts: both(
      add("data.aws_sns_topic", "ops", { name: "ops" }),
      alarm("by-data", { alarm_actions: ["${data.aws_sns_topic.ops.arn}"] }),
    ),
  },
  {
    variant: "an alarm's topic by variable",
    parts: alarm("by-variable", { alarm_actions: ["${var.topic_arn}"] }),
  },
  {
    variant: "an alarm's topics as a list in a variable",
    parts: alarm("by-list", { alarm_actions: "${var.topic_arns}", ok_actions: "${var.topic_arns}" }),
  },
  {
    variant: "an alarm's topic from a parameter",
    parts: both(
      add("data.aws_ssm_parameter", "topic", { name: "/ops/topic" }),
      alarm("by-parameter", { alarm_actions: ["${data.aws_ssm_parameter.topic.value}"] }),
    ),
  },
  {
    variant: "an alarm that reboots an instance",
    parts: alarm("reboots", {
      namespace: "AWS/EC2",
      metric_name: "StatusCheckFailed",
      dimensions: { InstanceId: "i-0123456789abcdef0" },
      alarm_actions: ["arn:aws:automate:eu-west-1:ec2:reboot"],
    }),
  },
  {
    variant: "an alarm that opens an OpsItem",
    parts: alarm("opens", {
      alarm_actions: ["arn:aws:ssm:eu-west-1:123456789012:opsitem:3#CATEGORY=Availability"],
    }),
  },
  {
    variant: "an alarm that scales",
    parts: both(
      add("aws_appautoscaling_policy", "up", { name: "up" }),
      alarm("scales", { alarm_actions: ["${aws_appautoscaling_policy.up.arn}"] }),
    ),
  },
  {
    variant: "an alarm on another team's function by variable",
    parts: alarm("their-function", {
      namespace: "AWS/Lambda",
      metric_name: "Errors",
      dimensions: { FunctionName: "${var.other_function}" },
    }),
  },
  {
    variant: "an alarm on another team's queue by variable",
    parts: alarm("their-queue", {
      namespace: "AWS/SQS",
      metric_name: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: "${var.other_queue}" },
    }),
  },
  {
    variant: "an alarm on Container Insights",
    parts: alarm("containers", {
      namespace: "ContainerInsights",
      metric_name: "pod_cpu_utilization",
      dimensions: { ClusterName: "main", Namespace: "shop" },
    }),
  },
  {
    variant: "an alarm on a namespace of one's own, with its dimensions",
    parts: alarm("own", { dimensions: { Country: "NO", Channel: "web" } }),
  },
  {
    variant: "an alarm on a function's alias",
    parts: alarm("of-alias", {
      namespace: "AWS/Lambda",
      metric_name: "Errors",
      dimensions: {
        FunctionName: "${aws_lambda_function.worker.function_name}",
        Resource: "${aws_lambda_function.worker.function_name}:live",
      },
    }),
  },
  {
    variant: "an alarm on the whole account's concurrency",
    parts: alarm("account", {
      namespace: "AWS/Lambda",
      metric_name: "ConcurrentExecutions",
      statistic: "Maximum",
      threshold: 900,
    }),
  },
  {
    variant: "an alarm every ten seconds on a metric of one's own",
    parts: alarm("fast", { period: 10, evaluation_periods: 30 }),
  },
  { variant: "an alarm every 20 seconds", parts: alarm("every-20", { period: 20, evaluation_periods: 30 }) },
  {
    variant: "a heartbeat that alarms when data is missing",
    parts: alarm("heartbeat", {
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      treat_missing_data: "breaching",
    }),
  },
  {
    variant: "an alarm on a percentile",
    parts: alarm("percentile", {
      statistic: undefined,
      extended_statistic: "p99.9",
      evaluate_low_sample_count_percentiles: "ignore",
    }),
  },
  {
    variant: "an alarm on a trimmed mean",
    parts: alarm("trimmed", { statistic: undefined, extended_statistic: "tm90" }),
  },
  {
    variant: "an alarm on a trimmed mean between percentiles",
    parts: alarm("between", { statistic: undefined, extended_statistic: "TM(10%:90%)" }),
  },
  {
    variant: "an alarm on a percentile rank",
    parts: alarm("rank", { statistic: undefined, extended_statistic: "PR(:300)" }),
  },
  {
    variant: "an alarm whose actions are off while a variable says so",
    parts: alarm("switched", { actions_enabled: "${var.alarms_on}" }),
  },
];
