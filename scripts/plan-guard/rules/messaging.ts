import { judgePolicies, policy } from "../access/judge-policy";
import {
  type AttributeChange,
  access,
  loss,
  noLoss,
  type ResourceValues,
  type TypeRule,
  type Values,
  type Verdict,
} from "./attribute-rule";
import { asJson, asList, asRecord } from "./values";
import { disables, harmless, identity, keeps, leavesItsRange, raises, removes, shortens } from "./vocabulary";

const nameOf =
  (what: string) =>
  ({ before, after, address }: ResourceValues): string =>
    `${what} ${before?.name ?? after?.name ?? before?.queue_url ?? before?.arn ?? address}`;

const failedDelivery = "nobody hears any more why a delivery failed";

/** Queues, topics and buses. */
export const messaging: Readonly<Record<string, TypeRule>> = {
  aws_sqs_queue: {
    end: "the messages waiting in it are lost",
    attributes: {
      name: identity,
      name_prefix: harmless("derived"),
      fifo_queue: identity,
      message_retention_seconds: shortens(
        "messages that wait longer are deleted before anybody handles them",
        {
          unset: 345_600,
        },
      ),
      max_message_size: shortens("larger messages are refused, and their senders fail", { unset: 262_144 }),
      visibility_timeout_seconds: leavesItsRange(
        "a message is handled twice while it is still being handled, or again much later",
        { unset: 30 },
      ),
      delay_seconds: raises("messages arrive later", { unset: 0 }),
      receive_wait_time_seconds: harmless("cost"),
      redrive_policy: changeOfRedrive,
      redrive_allow_policy: keeps("other queues may no longer use it for their dead letters", "tighter"),
      policy: policy({ kind: "resource", name: nameOf("queue") }),
      kms_master_key_id: removes(
        "messages are encrypted with another key, and whoever may not use that one fails",
      ),
      sqs_managed_sse_enabled: disablesEncryption,
      kms_data_key_reuse_period_seconds: harmless("cost"),
      content_based_deduplication: disables("messages without an id of their own are refused"),
      deduplication_scope: keeps("messages are taken for repetitions in another scope"),
      fifo_throughput_limit: keeps("messages are taken for repetitions in another scope"),
    },
  },
  aws_sqs_queue_policy: {
    end: "messages that are not encrypted in transit are no longer refused, and services that send to it are",
    partOf: [
      { type: "aws_sqs_queue", by: [["queue_url", "url"]] },
      { type: "aws_sqs_queue", by: [["queue_url", "id"]] },
    ],
    attributes: { queue_url: identity, policy: policy({ kind: "resource", name: nameOf("queue") }) },
  },
  aws_sns_topic: {
    end: "its subscribers get nothing any more, and must subscribe again to another topic",
    attributes: {
      name: identity,
      name_prefix: harmless("derived"),
      fifo_topic: identity,
      policy: policy({ kind: "resource", name: nameOf("topic") }),
      kms_master_key_id: removes(
        "messages are encrypted with another key, or not at all, and publishers may fail",
      ),
      archive_policy: removes("archived messages are lost"),
      delivery_policy: keeps("failed deliveries are retried less, or given up sooner"),
      content_based_deduplication: disables("messages without an id of their own are refused"),
      fifo_throughput_scope: keeps("messages are taken for repetitions in another scope"),
      tracing_config: removes("messages are no longer traced"),
      display_name: harmless("text"),
      signature_version: keeps("subscribers that check signatures refuse messages"),
      ...Object.fromEntries(
        ["application", "firehose", "http", "lambda", "sqs"].flatMap((protocol) => [
          [`${protocol}_failure_feedback_role_arn`, removes(failedDelivery)],
          [`${protocol}_success_feedback_role_arn`, removes(failedDelivery)],
          [`${protocol}_success_feedback_sample_rate`, harmless("cost")],
        ]),
      ),
    },
  },
  aws_sns_topic_policy: {
    end: "services that publish to it are refused, so alarms notify nobody",
    partOf: [{ type: "aws_sns_topic", by: [["arn", "arn"]] }],
    attributes: { arn: identity, policy: policy({ kind: "resource", name: nameOf("topic") }) },
  },
  aws_sns_topic_subscription: {
    end: ({ before }) =>
      `${before?.endpoint ?? "its subscriber"} gets no more notifications, and must confirm a new subscription`,
    attributes: {
      topic_arn: identity,
      protocol: identity,
      endpoint: subscriber,
      filter_policy: keeps("notifications that the filter leaves out are not sent"),
      filter_policy_scope: keeps("notifications that the filter leaves out are not sent"),
      redrive_policy: removes("notifications that cannot be delivered are lost"),
      delivery_policy: keeps("failed deliveries are retried less, or given up sooner"),
      raw_message_delivery: keeps("its subscriber gets messages in another form"),
      replay_policy: keeps("its subscriber gets old messages again"),
      subscription_role_arn: keeps("messages are delivered as another role"),
      confirmation_timeout_in_minutes: harmless("terraform"),
      endpoint_auto_confirms: harmless("terraform"),
    },
  },
  aws_cloudwatch_event_bus: {
    end: "its subscribers' rules are lost, and so are events published in the meantime",
    attributes: {
      name: identity,
      event_source_name: identity,
      kms_key_identifier: removes("events are encrypted with another key"),
      "dead_letter_config.arn": removes("events that cannot be delivered are lost"),
    },
  },
  aws_cloudwatch_event_bus_policy: {
    end: "accounts and services whom it lets publish or subscribe are refused",
    attributes: {
      event_bus_name: identity,
      policy: policy({
        kind: "resource",
        name: ({ before, after }) => `bus ${before?.event_bus_name ?? after?.event_bus_name}`,
      }),
    },
  },
  aws_cloudwatch_event_permission: {
    end: ({ before }) => `${before?.principal} can no longer publish to or subscribe at the bus`,
    replaced: "derived",
    attributes: {
      principal: harmless("derived"),
      action: harmless("derived"),
      condition: harmless("derived"),
      event_bus_name: harmless("derived"),
      statement_id: harmless("text"),
    },
    asWhole: permissionOfBus,
  },
};

/** A permission is one statement of the bus's policy. */
function permissionOfBus({ isNew, before, after }: ResourceValues): readonly Verdict[] {
  const statement = ({ principal, action = "events:PutEvents", condition }: Values): object => {
    const { type, key, value } = asRecord(asList(condition)[0]) ?? {};
    return {
      Statement: {
        Effect: "Allow",
        Principal: { AWS: principal },
        Action: action,
        Resource: "*",
        Condition: type ? { [`${type}`]: { [`${key}`]: value } } : {},
      },
    };
  };
  return judgePolicies(
    { before: before && statement(before), after: statement(after ?? {}), unknown: false, isNew },
    "resource",
    `bus ${after?.event_bus_name ?? "default"}`,
  );
}

function changeOfRedrive(change: AttributeChange): readonly Verdict[] {
  if (change.before !== undefined || change.unknown)
    return keeps("messages that fail are lost, or given up sooner")(change);
  const target = asRecord(asJson(change.after))?.deadLetterTargetArn ?? "another queue";
  return [access(`messages that are received too often now go to ${target}`)];
}

/** SQS encrypts with its own key unless told not to. */
function disablesEncryption({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  const hasKey = Boolean(resource.after?.kms_master_key_id);
  if (!unknown && (after === true || before === false || hasKey)) return [noLoss("tighter")];
  return [loss("messages are no longer encrypted")];
}

function subscriber({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  const told = unknown ? "somebody known only after apply" : `${after}`;
  return [
    access(`${told} now gets what is published to ${resource.after?.topic_arn ?? "the topic"}`),
    ...(before === undefined ? [] : [loss(`${before} gets no more notifications`)]),
  ];
}
