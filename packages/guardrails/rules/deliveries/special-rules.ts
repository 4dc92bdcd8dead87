import { policyIn } from "../../access/policy-documents";
import { arnOf, symbolicText } from "../../access/symbolic-text";
import { each, type Rule } from "../../rule";
import { asRecord, asTexts, type Resource } from "../../stack-view";
import { logGroupOf } from "../log-group";
import { integrationProblem } from "./api-integrations";
import { type Delivery, deliveriesOf } from "./delivery";

/** The resources that let S3 send, by the type of the target. */
const policyTypes: Readonly<Record<string, readonly [type: string, parent: string]>> = {
  aws_lambda_function: ["aws_lambda_permission", "function_name"],
  aws_sns_topic: ["aws_sns_topic_policy", "arn"],
  aws_sqs_queue: ["aws_sqs_queue_policy", "queue_url"],
};

export const specialDeliveryRules: readonly Rule[] = [
  {
    id: "deliveries-integration",
    group: "deliveries",
    demands: "An API Gateway integration with an AWS service has a role that is allowed the call",
    why: "Otherwise every request to that method returns 500 or 403.",
    fix: "Set credentials to a role that trusts apigateway.amazonaws.com, and allow it the action on the resource that the URI names.",
    mirrors: [],
    check: each("aws_api_gateway_integration", integrationProblem),
  },
  {
    id: "deliveries-waits",
    group: "deliveries",
    demands: "A bucket's notification depends on the policies and permissions that let S3 send",
    why: "S3 tests each destination when it gets the notification: “Unable to validate the following destination configurations”.",
    fix: "Add the target's policy or permission to the notification's dependsOn.",
    mirrors: [],
    check: ({ stack }) =>
      deliveriesOf(stack)
        .filter(({ from }) => from.type === "aws_s3_bucket_notification")
        .flatMap((delivery) => {
          const missed = missedPolicies(delivery);
          return missed.length > 0
            ? [{ resource: delivery.from, found: `depends_on lacks ${missed[0]?.address}` }]
            : [];
        }),
  },
  {
    id: "deliveries-loop",
    group: "deliveries",
    demands: "A function does not receive the lines of its own log group",
    why: "Each invocation then logs, and each line is another invocation, without an end.",
    fix: "Subscribe another function, or exclude this function's group.",
    mirrors: [],
    check: each("aws_cloudwatch_log_subscription_filter", (filter) => {
      const lambda = filter.follow("destination_arn", "aws_lambda_function");
      const group = filter.follow("log_group_name", "aws_cloudwatch_log_group");
      return (
        lambda && group && logGroupOf(lambda) === group && `${lambda.path} writes to ${group.path} itself`
      );
    }),
  },
  {
    id: "deliveries-bucket-events",
    group: "deliveries",
    demands:
      "A rule on events of AWS services is on the default bus, and a bucket that it names sends its events to EventBridge",
    why: "Otherwise the rule never matches.",
    fix: "Set eventbridge: true on the bucket's notification, and leave out eventBusName.",
    mirrors: [],
    check: each("aws_cloudwatch_event_rule", (rule) => {
      const pattern = asRecord(rule.json("event_pattern"));
      const sources = asTexts(pattern?.source);
      const ofAws = sources.length > 0 && sources.every((source) => source.startsWith("aws."));
      if (ofAws && isOnOwnBus(rule))
        return `source is ${sources.join(", ")}, whose events are on the default bus`;
      return sources.includes("aws.s3") ? silentBuckets(rule, pattern) : undefined;
    }),
  },
];

/** Whether a rule is on a bus of the stack. Others can forward events, and a partner's bus has its own. */
function isOnOwnBus(rule: Resource): boolean {
  const bus = rule.follow("event_bus_name", "aws_cloudwatch_event_bus");
  if (!bus) return false;
  const forwards = rule.stack
    .all("aws_cloudwatch_event_target")
    .some((target) => target.follow("arn", "aws_cloudwatch_event_bus") === bus);
  const open = rule.stack
    .pointingAt(bus, "aws_cloudwatch_event_bus_policy", "event_bus_name")
    .some((policy) => policyIn(rule.stack, policy.raw("policy")) !== undefined);
  return !forwards && !open;
}

function silentBuckets(
  rule: Resource,
  pattern: Readonly<Record<string, unknown>> | undefined,
): readonly string[] {
  const names = asTexts(asRecord(asRecord(pattern?.detail)?.bucket)?.name);
  return rule.stack.all("aws_s3_bucket").flatMap((bucket) => {
    const isNamed = names.some((name) => {
      const text = symbolicText(rule.stack, name);
      return arnOf(bucket).endsWith(`:::${text}`);
    });
    const notifications = rule.stack.pointingAt(bucket, "aws_s3_bucket_notification", "bucket");
    const sends = notifications.some((one) => one.isTrue("eventbridge") || one.isUnknown("eventbridge"));
    return isNamed && !sends ? [`${bucket.path} does not send its events to EventBridge`] : [];
  });
}

function missedPolicies({ from, to }: Delivery): readonly Resource[] {
  const [type, parent] = policyTypes[to.type] ?? [];
  if (!type || !parent) return [];
  const policies = from.stack.pointingAt(to, type, parent);
  const waitedFor = new Set([
    ...from.texts("depends_on").map((address) => address.replace(/\[.*\]$/, "")),
    ...from.stack.referencedBy(from.written()).map(({ address }) => address),
  ]);
  return policies.some(({ address }) => waitedFor.has(address)) ? [] : policies;
}
