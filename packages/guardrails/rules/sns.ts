import { allows } from "../policy";
import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";
import { denyWithoutTls, policiesOf } from "./resource-policies";

const topicType = "aws_sns_topic";

/** Topics that alarms publish to. */
export function alarmTopics(stack: Resource["stack"]): readonly Resource[] {
  const actions = ["alarm_actions", "ok_actions", "insufficient_data_actions"];
  const alarms = stack.all("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm");
  const topics = alarms.flatMap((alarm) =>
    actions.flatMap((action) =>
      alarm
        .texts(action)
        .map((_, index) => stack.follow((alarm.raw(action) as readonly unknown[])[index], topicType)),
    ),
  );
  return [...new Set(topics)].filter((topic) => topic !== undefined);
}

export const snsRules: readonly Rule[] = [
  {
    id: "sns-alarm-topic-key",
    group: "sns",
    demands: "A topic that alarms publish to is not encrypted by the AWS-managed key alias/aws/sns",
    why: "CloudWatch may not use that key: alarms go off, and nobody is told.",
    fix: "Use a key of your own whose policy admits cloudwatch.amazonaws.com, or none.",
    mirrors: [],
    check: ({ stack }) =>
      alarmTopics(stack).flatMap((topic) =>
        /alias\/aws\/sns$/.test(`${topic.value("kms_master_key_id") ?? ""}`)
          ? [{ resource: topic, found: `kms_master_key_id is ${topic.value("kms_master_key_id")}` }]
          : [],
      ),
  },
  {
    id: "sns-alarm-topic-key-policy",
    group: "sns",
    demands: "The key of a topic that alarms publish to admits CloudWatch",
    why: "Alarms go off, and nobody is told.",
    fix: "Allow cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey* in the key's policy.",
    mirrors: [],
    check: ({ stack }) =>
      alarmTopics(stack).flatMap((topic) => {
        const key = topic.follow("kms_master_key_id", "aws_kms_key");
        if (!key) return [];
        const statements = policiesOf(key, "aws_kms_key_policy", "key_id");
        const admitted = ["kms:Decrypt", "kms:GenerateDataKey"].every((action) =>
          statements.some(
            (statement) =>
              allows(statement, action) && statement.principals.includes("Service:cloudwatch.amazonaws.com"),
          ),
        );
        return admitted
          ? []
          : [
              {
                resource: topic,
                found: `the policy of ${key.path} does not allow it to cloudwatch.amazonaws.com`,
              },
            ];
      }),
  },
  {
    id: "sns-alarm-topic-policy",
    group: "sns",
    demands: "The policy of a topic that alarms publish to admits CloudWatch, where it has one",
    why: "A policy replaces the one that lets the account's own alarms publish: they go off, and nobody is told.",
    fix: "Allow cloudwatch.amazonaws.com sns:Publish on the topic, for alarms of the account.",
    mirrors: [],
    check: ({ stack }) =>
      alarmTopics(stack).flatMap((topic) => {
        const statements = policiesOf(topic, "aws_sns_topic_policy", "arn");
        const admitted = statements.some(
          (statement) =>
            allows(statement, "sns:Publish") &&
            statement.principals.some((principal) =>
              ["*", "Service:cloudwatch.amazonaws.com"].includes(principal),
            ),
        );
        return statements.length === 0 || admitted
          ? []
          : [{ resource: topic, found: "its policy does not allow sns:Publish to cloudwatch.amazonaws.com" }];
      }),
  },
  {
    id: "sns-tls-only",
    group: "sns",
    demands: "A topic's policy denies publishing without TLS",
    why: "A client that is set to http sends messages and signatures readable for all on the way.",
    fix: 'Deny sns:Publish to * where aws:SecureTransport is "false".',
    mirrors: ["AwsSolutions-SNS3"],
    check: each(
      topicType,
      (topic) =>
        !denyWithoutTls(topic, "aws_sns_topic_policy", "arn", "sns:Publish") &&
        "it has no policy that denies sns:Publish where aws:SecureTransport is false",
    ),
  },
  {
    id: "sns-subscription-redrive",
    group: "sns",
    demands:
      "A subscription of a function, a queue, a stream or an address on the web has a dead-letter queue",
    why: "A message that cannot be delivered is tried for hours or days, and then dropped without a trace.",
    fix: "Set redrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.arn }).",
    mirrors: ["cfn-lint-serverless ES7000"],
    check: each("aws_sns_topic_subscription", (subscription) => {
      const protocol = subscription.text("protocol") ?? "";
      return redriven.includes(protocol) && !subscription.has("redrive_policy") && "redrive_policy is absent";
    }),
  },
  {
    id: "sns-subscription-endpoint",
    group: "sns",
    demands: "A subscription's endpoint fits its protocol",
    why: "AWS refuses it at apply, or the message goes nowhere.",
    fix: "Use an address for email, an https URL for https, an ARN for sqs, lambda and firehose.",
    mirrors: [],
    check: each("aws_sns_topic_subscription", (subscription) => {
      const protocol = `${subscription.value("protocol")}`;
      const endpoint = subscription.text("endpoint");
      const form = endpointForms[protocol];
      if (protocol === "http") return "protocol is http, which is not encrypted";
      return (
        endpoint !== undefined &&
        form &&
        !form.test(endpoint) &&
        `protocol is ${protocol}, endpoint ${endpoint}`
      );
    }),
  },
];

/** What SNS tries again and then drops, unless it is told where to. */
const redriven = ["firehose", "http", "https", "lambda", "sqs"];

const endpointForms: Readonly<Record<string, RegExp>> = {
  email: /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  "email-json": /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  https: /^https:\/\//,
  sms: /^\+\d{6,15}$/,
  sqs: /^arn:/,
  lambda: /^arn:/,
  firehose: /^arn:/,
};
