import { each, type Rule } from "../rule";
import { asRecord, type Resource } from "../stack-view";
import { denyWithoutTls } from "./resource-policies";

const queueType = "aws_sqs_queue";

/** Where a queue's messages go that fail too often. */
function redriveOf(queue: Resource): Readonly<Record<string, unknown>> | undefined {
  const separate = queue.stack.pointingAt(queue, "aws_sqs_queue_redrive_policy", "queue_url");
  return (
    asRecord(queue.json("redrive_policy")) ??
    separate.map((one) => asRecord(one.json("redrive_policy"))).find(Boolean)
  );
}

/** By which attribute of which resource a queue becomes somebody's dead-letter queue. */
const deadLetterAttributes = [
  ["aws_lambda_function", "dead_letter_config.target_arn"],
  ["aws_lambda_event_source_mapping", "destination_config.on_failure.destination_arn"],
  ["aws_lambda_function_event_invoke_config", "destination_config.on_failure.destination"],
  ["aws_cloudwatch_event_target", "dead_letter_config.arn"],
] as const;

/** Every queue that holds what failed, with who sends it there. */
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

export const sqsRules: readonly Rule[] = [
  {
    id: "sqs-encrypted",
    group: "sqs",
    demands: "A queue says how it is encrypted: by SQS's own key or by a KMS key",
    why: "Messages hold what requests held; with encryption off they lie on disk in clear text.",
    fix: "Set sqsManagedSseEnabled: true, or kmsMasterKeyId.",
    mirrors: ["CKV_AWS_27", "SQS.1", "AwsSolutions-SQS2"],
    check: each(
      queueType,
      (queue) =>
        !queue.has("kms_master_key_id") &&
        !queue.isTrue("sqs_managed_sse_enabled") &&
        "sqs_managed_sse_enabled is not true, and kms_master_key_id is absent",
    ),
  },
  {
    id: "sqs-tls-only",
    group: "sqs",
    demands: "A queue's policy denies requests without TLS",
    why: "A client that is set to http sends messages and signatures readable for all on the way.",
    fix: 'Add an SqsQueuePolicy that denies sqs:* to * where aws:SecureTransport is "false".',
    mirrors: ["AwsSolutions-SQS4"],
    check: each(
      queueType,
      (queue) =>
        !denyWithoutTls(queue, "aws_sqs_queue_policy", "queue_url", "sqs:SendMessage") &&
        "it has no policy that denies sqs:* where aws:SecureTransport is false",
    ),
  },
  {
    id: "sqs-dead-letters-kept",
    group: "sqs",
    demands: "A dead-letter queue keeps messages for 14 days, the maximum",
    why: "The default of 4 days is one long weekend, and a message's age counts from its first queue.",
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
    demands: "A function's dead-letter queue is no FIFO queue, and a queue's is of its own kind",
    why: "AWS refuses it at apply, or Lambda drops what failed.",
    fix: "Use a standard queue for a function, and for a FIFO queue a FIFO queue.",
    mirrors: [],
    check: ({ stack }) =>
      deadLetterQueues(stack).flatMap(({ queue, of }) => {
        const fifo = queue.isTrue("fifo_queue");
        const wanted = of.type === queueType && of.isTrue("fifo_queue");
        if (fifo === wanted) return [];
        return [{ resource: of, found: `${queue.path} is ${fifo ? "a FIFO queue" : "no FIFO queue"}` }];
      }),
  },
  {
    id: "sqs-fifo-name",
    group: "sqs",
    demands: "A FIFO queue's name ends with .fifo, and no other's does",
    why: "AWS refuses the queue at apply.",
    fix: "Set fifoQueue: true and the ending, or neither.",
    mirrors: [],
    check: each(queueType, (queue) => {
      const name = queue.text("name");
      const fifo = queue.isTrue("fifo_queue");
      return name !== undefined && name.endsWith(".fifo") !== fifo && `name is ${name}, fifo_queue ${fifo}`;
    }),
  },
  {
    id: "sqs-redrive-valid",
    group: "sqs",
    demands:
      "A redrive policy is JSON with deadLetterTargetArn and a maxReceiveCount from 1 to 1,000, and does not name its own queue",
    why: "AWS refuses the queue at apply, or failed messages go round for ever.",
    fix: "Write it by JSON.stringify({ deadLetterTargetArn: queue.arn, maxReceiveCount: 5 }).",
    mirrors: [],
    check: each(queueType, (queue) => {
      if (!queue.has("redrive_policy")) return undefined;
      const redrive = redriveOf(queue);
      if (!redrive?.deadLetterTargetArn) return "redrive_policy has no deadLetterTargetArn";
      const count = Number(redrive.maxReceiveCount);
      if (!(Number.isInteger(count) && count >= 1 && count <= 1_000))
        return `maxReceiveCount is ${redrive.maxReceiveCount ?? "absent"}`;
      return (
        queue.stack.follow(redrive.deadLetterTargetArn, queueType) === queue &&
        "deadLetterTargetArn is its own queue"
      );
    }),
  },
];
