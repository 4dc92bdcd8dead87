import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { physicalName } from "./naming";
import { policyDocument } from "./policy-document";
import { validateProps } from "./validation";

export interface DeadLetterQueueProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** How long a failed message waits for an operator, 60 to 1,209,600 seconds. @default 1_209_600 (14 days, SQS's maximum) */
  readonly retentionSeconds?: number;
}

/**
 * An encrypted SQS queue for invocations that failed for good, open to TLS alone.
 *
 * A Lambda dead-letter queue receives asynchronous invocations only: a request through API Gateway is
 * synchronous, its caller has the error, and it never comes here.
 */
export class DeadLetterQueue extends Construct {
  readonly arn: string;
  readonly url: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    const { name, retentionSeconds = 1_209_600 } = props;
    validateProps(this, { retentionSeconds: { value: retentionSeconds, minimum: 60, maximum: 1_209_600 } });

    const queue = new SqsQueue(this, "queue", {
      name: physicalName(this, name),
      messageRetentionSeconds: retentionSeconds,
      sqsManagedSseEnabled: true,
    });
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.id,
      policy: policyDocument({
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queue.arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.name = queue.name;
  }
}
