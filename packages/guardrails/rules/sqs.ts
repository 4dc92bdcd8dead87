import { each, type Rule } from "../rule";
import { asRecord, type Resource } from "../stack-view";
import { deniesWithoutTls } from "./resource-policies";

const queueType = "aws_sqs_queue";

/** A queue's redrive policy: where messages go that fail too often. */
function redriveOf(queue: Resource): Readonly<Record<string, unknown>> | undefined {
  const separate = queue.stack.pointingAt(queue, "aws_sqs_queue_redrive_policy", "queue_url");
  return (
    asRecord(queue.json("redrive_policy")) ??
    separate.map((one) => asRecord(one.json("redrive_policy"))).find(Boolean)
  );
}

/** Attributes that make a queue the dead-letter queue of a resource. */
const deadLetterAttributes = [
  ["aws_lambda_function", "dead_letter_config.target_arn"],
  ["aws_lambda_event_source_mapping", "destination_config.on_failure.destination_arn"],
  ["aws_lambda_function_event_invoke_config", "destination_config.on_failure.destination"],
  ["aws_cloudwatch_event_target", "dead_letter_config.arn"],
] as const;

/** Every dead-letter queue, with the resource that sends failures to it. */
export function deadLetterQueues(
  stack: Resource["stack"],
): readonly { readonly queue: Resource; readonly of: Resource }[] {
  const direct = deadLetterAttributes.flatMap(([type, attribute]) =>
    stack.all(type).flatMap((of) => {
      const queue = of.follow(attribute, queueType);
      return queue ? [{ queue, of }] : [];
    }),
  );
  const redriven = stack.all(queueType).flatMap((of) => {
    const queue = stack.follow(redriveOf(of)?.deadLetterTargetArn, queueType);
    return queue ? [{ queue, of }] : [];
  });
  return [...direct, ...redriven];
}

/** Whether only Terraform knows a whole text. One with a reference in it is known but for that reference. */
const isUnknownText = (text: unknown): boolean => typeof text === "string" && /^\$\{[^}]*\}$/.test(text);

export const sqsRules: readonly Rule[] = [
  {
    id: "sqs-encrypted",
    group: "sqs",
    demands: "A queue configures its encryption explicitly, with SQS-managed keys or a KMS key",
    why: "Messages contain request data. Without encryption they are stored in clear text.",
    fix: "Set sqsManagedSseEnabled: true, or kmsMasterKeyId.",
    mirrors: ["CKV_AWS_27", "SQS.1", "AwsSolutions-SQS2"],
    check: each(
      queueType,
      (queue) =>
        !queue.has("kms_master_key_id") &&
        !queue.mayBeTrue("sqs_managed_sse_enabled") &&
        "sqs_managed_sse_enabled is not true, and kms_master_key_id is absent",
    ),
  },
  {
    id: "sqs-tls-only",
    group: "sqs",
    demands: "A queue's policy denies requests without TLS",
    why: "Otherwise a client configured for http sends messages and signatures in clear text.",
    fix: 'Add an SqsQueuePolicy that denies sqs:* to * when aws:SecureTransport is "false".',
    mirrors: ["AwsSolutions-SQS4"],
    check: each(
      queueType,
      (queue) =>
        !deniesWithoutTls(queue, "sqs:SendMessage") &&
        "it has no policy that denies sqs:* when aws:SecureTransport is false",
    ),
  },
  {
    id: "sqs-dead-letters-kept",
    group: "sqs",
    demands: "A dead-letter queue keeps messages for 14 days, the maximum",
    why: "The default of 4 days is one long weekend, and a message's age counts from when it was first sent.",
    fix: "Set messageRetentionSeconds: 1_209_600.",
    mirrors: [],
    check: ({ stack }) =>
      deadLetterQueues(stack).flatMap(({ queue }) => {
        const kept = queue.number("message_retention_seconds");
        const known = kept !== undefined || !queue.has("message_retention_seconds");
        return known && (kept ?? 345_600) < 1_209_600
          ? [{ resource: queue, found: `message_retention_seconds is ${kept ?? "absent"}` }]
          : [];
      }),
  },
  {
    id: "sqs-dead-letters-kind",
    group: "sqs",
    demands:
      "A function's dead-letter queue is a standard queue, and a queue's dead-letter queue has the same type as the queue",
    why: "AWS rejects it at apply, or Lambda drops failed events.",
    fix: "Use a standard queue for a function or a standard queue, and a FIFO queue for a FIFO queue.",
    mirrors: [],
    check: ({ stack }) =>
      deadLetterQueues(stack).flatMap(({ queue, of }) => {
        const fifo = queue.isTrue("fifo_queue");
        const wanted = of.type === queueType && of.isTrue("fifo_queue");
        if (fifo === wanted) return [];
        return [{ resource: of, found: `${queue.path} is a ${fifo ? "FIFO" : "standard"} queue` }];
      }),
  },
  {
    id: "sqs-fifo-name",
    group: "sqs",
    demands: "A FIFO queue's name ends with .fifo, and no other queue's name does",
    why: "AWS rejects the queue at apply.",
    fix: "Set fifoQueue: true and end the name with .fifo, or do neither.",
    mirrors: [],
    check: each(queueType, (queue) => {
      const name = queue.text("name");
      const fifo = queue.isTrue("fifo_queue");
      if (queue.isUnknown("fifo_queue")) return undefined;
      return (
        name !== undefined && name.endsWith(".fifo") !== fifo && `name is ${name}, but fifo_queue is ${fifo}`
      );
    }),
  },
  {
    id: "sqs-redrive-valid",
    group: "sqs",
    demands:
      "A redrive policy is JSON with a deadLetterTargetArn other than its own queue and a maxReceiveCount from 1 to 1,000",
    why: "AWS rejects the queue at apply, or failed messages circulate forever.",
    fix: "Write it with JSON.stringify({ deadLetterTargetArn: queue.arn, maxReceiveCount: 5 }).",
    mirrors: [],
    check: each(queueType, (queue) => {
      if (!queue.has("redrive_policy") || isUnknownText(queue.value("redrive_policy"))) return undefined;
      const redrive = redriveOf(queue);
      if (!redrive?.deadLetterTargetArn) return "redrive_policy has no deadLetterTargetArn";
      const count = Number(redrive.maxReceiveCount);
      if (!(Number.isInteger(count) && count >= 1 && count <= 1_000))
        return `maxReceiveCount is ${redrive.maxReceiveCount ?? "absent"}`;
      return (
        queue.stack.follow(redrive.deadLetterTargetArn, queueType) === queue &&
        "deadLetterTargetArn is the queue itself"
      );
    }),
  },
];
