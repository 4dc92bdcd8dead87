import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { CustomerKey } from "./customer-key";
import type { Grantee } from "./grantee";
import { physicalName } from "./naming";
import { denyWithoutTls, policyDocument } from "./policy-document";
import { validateProps } from "./validation";

export interface DeadLetterQueueProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** How long a failed message waits for an operator, 60 to 1,209,600 seconds. @default 1_209_600 (14 days, SQS's maximum) */
  readonly retentionSeconds?: number;
  /** @default a key that SQS owns (SSE-SQS) */
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * An encrypted SQS queue for invocations that failed for good. It accepts requests over TLS only.
 *
 * A Lambda dead-letter queue receives asynchronous invocations only. A request through API Gateway is synchronous: its
 * caller gets the error, and nothing arrives here.
 */
export class DeadLetterQueue extends Construct {
  readonly arn: string;
  readonly url: string;
  readonly name: string;
  private readonly encryptionKey: CustomerKey | undefined;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    const { name, retentionSeconds = 1_209_600, encryptionKey } = props;
    validateProps(this, { retentionSeconds: { value: retentionSeconds, minimum: 60, maximum: 1_209_600 } });

    const queue = new SqsQueue(this, "queue", {
      name: physicalName(this, name),
      messageRetentionSeconds: retentionSeconds,
      ...(encryptionKey ? { kmsMasterKeyId: encryptionKey.arn } : { sqsManagedSseEnabled: true }),
    });
    const policy = new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.id,
      policy: policyDocument(denyWithoutTls("sqs:*", queue.arn)),
    });
    promise(queue, "a failed message waits for an operator, encrypted", [
      "name",
      "message_retention_seconds",
      "kms_master_key_id",
      "sqs_managed_sse_enabled",
      "fifo_queue",
      "visibility_timeout_seconds",
      "delay_seconds",
    ]);
    promise(policy, "requests arrive over TLS only", ["queue_url", "policy"]);
    this.arn = queue.arn;
    this.url = queue.url;
    this.name = queue.name;
    this.encryptionKey = encryptionKey;
  }

  /** Lets a function send failed events to the queue. When Lambda creates the function, it checks this permission. */
  grantSend(grantee: Grantee): void {
    grantee.addToRolePolicy({
      Sid: "DeadLetterQueue",
      Effect: "Allow",
      Action: ["sqs:SendMessage", "sqs:GetQueueAttributes"],
      Resource: this.arn,
    });
    if (!this.encryptionKey) return;
    grantee.addToRolePolicy({
      Sid: "DeadLetterQueueKey",
      Effect: "Allow",
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: this.encryptionKey.arn,
      Condition: { StringEquals: { "kms:ViaService": `sqs.${this.encryptionKey.region}.amazonaws.com` } },
    });
  }
}
