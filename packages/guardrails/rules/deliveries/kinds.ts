import { hasUnknown } from "../../../iam/unknown";
import { regionOf } from "../../access/place";
import { segmentOf } from "../../access/symbolic-text";
import type { Finding } from "../../rule";
import type { Resource, StackView } from "../../stack-view";
import { type Delivery, deliveriesOf } from "./delivery";

/** Senders whose FIFO dead-letter queues sqs-dead-letters-kind reports. */
const otherRule = (delivery: Delivery): boolean =>
  delivery.from.type.startsWith("aws_lambda_") || delivery.attribute === "dead_letter_config.arn";

/** Senders that can only deliver within their own Region. */
const sameRegion = [
  "aws_s3_bucket_notification",
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_log_subscription_filter",
];

/** Deliveries to what the sender cannot deliver to. */
export function kindProblems(stack: StackView): readonly Finding[] {
  return [
    ...deliveriesOf(stack).flatMap((delivery) =>
      [unsupported(delivery), fifoProblem(delivery), regionProblem(delivery)].flatMap((found) =>
        found === undefined ? [] : [{ resource: delivery.from, found }],
      ),
    ),
    ...stack.all("aws_sns_topic_subscription").flatMap(subscriptionProblem),
  ];
}

function unsupported({ sender, from, kind, to, attribute }: Delivery): string | undefined {
  const kinds = [...sender.byPolicy, ...(sender.byRole?.kinds ?? [])];
  return sender.only && !kinds.includes(kind)
    ? `${attribute} is ${to.path}, but a ${shownType(from)} cannot deliver to a ${kind}`
    : undefined;
}

function fifoProblem(delivery: Delivery): string | undefined {
  const { sender, from, to, kind } = delivery;
  const attribute = { queue: "fifo_queue", topic: "fifo_topic" }[kind as "queue"];
  if (attribute === undefined || !to.isTrue(attribute) || otherRule(delivery)) return undefined;
  return sender.fifo?.(from) ? undefined : `${to.path} is a FIFO ${kind}${hints[from.type] ?? ""}`;
}

const hints: Readonly<Record<string, string>> = {
  aws_cloudwatch_event_target: ", but sqs_target.message_group_id is absent",
  aws_scheduler_schedule: ", but target.sqs_parameters.message_group_id is absent",
  aws_sns_topic_subscription: ", but its topic is a standard one",
};

function regionProblem({ from, arn, kind }: Delivery): string | undefined {
  if (!sameRegion.includes(from.type) || kind === "bucket") return undefined;
  const [own, other] = [ownRegion(from), segmentOf(arn, 3) ?? ""];
  if (hasUnknown(own) || hasUnknown(other) || other === "" || own === other) return undefined;
  return `its target is in ${other}, but it is in ${own}`;
}

/** Notifications belong to the Region of their bucket. */
function ownRegion(from: Resource): string {
  return regionOf(from.follow("bucket", "aws_s3_bucket") ?? from);
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topic-message-delivery.html */
function subscriptionProblem(subscription: Resource): readonly Finding[] {
  const topic = subscription.follow("topic_arn", "aws_sns_topic");
  const protocol = subscription.text("protocol");
  return topic?.isTrue("fifo_topic") && protocol !== undefined && protocol !== "sqs"
    ? [
        {
          resource: subscription,
          found: `protocol is ${protocol}, but ${topic.path} is a FIFO topic, which delivers to queues only`,
        },
      ]
    : [];
}

function shownType({ type }: Resource): string {
  return type.replace(/^aws_(?:cloudwatch_|s3_bucket_)?/, "").replaceAll("_", " ");
}
