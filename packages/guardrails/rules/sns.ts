import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";
import type { Delivery } from "./deliveries/delivery";
import { keyProblem, policyProblem } from "./deliveries/problems";
import { deliveryFindings, isAlarmToTopic } from "./deliveries/rules";
import { deniesWithoutTls } from "./resource-policies";

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

/** The rule sns-alarm-topic-key reports the key that AWS manages. */
const isAlarmToEncryptedTopic = (delivery: Delivery): boolean =>
  isAlarmToTopic(delivery) &&
  delivery.to.follow("kms_master_key_id", "aws_kms_key", "aws_kms_alias") !== undefined;

export const snsRules: readonly Rule[] = [
  {
    id: "sns-alarm-topic-key",
    group: "sns",
    demands: "A topic that alarms publish to is not encrypted by the AWS-managed key alias/aws/sns",
    why: "CloudWatch cannot use that key, so alarms fire and nobody is notified.",
    fix: "Use your own key with a policy that allows cloudwatch.amazonaws.com, or no key.",
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
    demands: "The key of a topic that alarms publish to allows CloudWatch",
    why: "Otherwise alarms fire and nobody is notified.",
    fix: "Allow kms:Decrypt and kms:GenerateDataKey* to cloudwatch.amazonaws.com in the key's policy.",
    mirrors: [],
    check: ({ stack }) => deliveryFindings(stack, keyProblem, isAlarmToEncryptedTopic),
  },
  {
    id: "sns-alarm-topic-policy",
    group: "sns",
    demands: "If a topic that alarms publish to has a policy, the policy allows CloudWatch",
    why: "Your policy replaces the default, which lets the account's alarms publish. Without that, alarms fire and nobody is notified.",
    fix: "Allow sns:Publish on the topic to cloudwatch.amazonaws.com, restricted to alarms of your account.",
    mirrors: [],
    check: ({ stack }) => deliveryFindings(stack, policyProblem, isAlarmToTopic),
  },
  {
    id: "sns-tls-only",
    group: "sns",
    demands: "A topic's policy denies publishing without TLS",
    why: "Otherwise a client configured for http sends messages and signatures in clear text.",
    fix: 'Deny sns:Publish to * when aws:SecureTransport is "false".',
    mirrors: ["AwsSolutions-SNS3"],
    check: each(
      topicType,
      (topic) =>
        !deniesWithoutTls(topic, "sns:Publish") &&
        "it has no policy that denies sns:Publish when aws:SecureTransport is false",
    ),
  },
  {
    id: "sns-subscription-redrive",
    group: "sns",
    demands: "A subscription of a function, a queue, a Firehose stream or a URL has a dead-letter queue",
    why: "A message that cannot be delivered is retried for hours or days and then dropped without a trace.",
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
    demands: "A subscription's endpoint matches its protocol",
    why: "AWS rejects it at apply, or messages are not delivered.",
    fix: "Use an e-mail address for email, an https URL for https, and an ARN for sqs, lambda and firehose.",
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
        `protocol is ${protocol}, but endpoint is ${endpoint}`
      );
    }),
  },
];

/** Protocols for which SNS drops messages after its retries if there is no dead-letter queue. */
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
