import { TerraformVariable } from "cdktf";
import { DeadLetterQueue } from "../../constructs/dead-letter-queue";
import { synthesizeStack } from "../support/synthesize";

const deadLetterQueue = (retention: { retentionSeconds?: number } = {}) =>
  synthesizeStack((stack) => {
    new DeadLetterQueue(stack, "dead-letter-queue", { name: "dlq", ...retention });
  });

describe("DeadLetterQueue", () => {
  it("keeps a failed message for 14 days by default", () => {
    const stack = deadLetterQueue();

    const queue = stack.only("aws_sqs_queue");

    expect(queue.attributes.message_retention_seconds).toBe(14 * 24 * 60 * 60);
  });

  it("is encrypted and named after application and environment", () => {
    const stack = deadLetterQueue();

    const queue = stack.only("aws_sqs_queue");

    expect(queue.attributes).toMatchObject({ name: "shop-dlq-test", sqs_managed_sse_enabled: true });
  });

  it("denies every action to every caller without TLS", () => {
    const stack = deadLetterQueue();

    const queue = stack.only("aws_sqs_queue");
    const policy = stack.only("aws_sqs_queue_policy");

    expect(policy.attributes.queue_url).toBe(queue.ref("id"));
    expect(policy.parsed("policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyWithoutTls",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: queue.ref("arn"),
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it.each([60, 1_209_600])("keeps a failed message for %d seconds if told to", (retentionSeconds) => {
    const stack = deadLetterQueue({ retentionSeconds });

    const queue = stack.only("aws_sqs_queue");

    expect(queue.attributes.message_retention_seconds).toBe(retentionSeconds);
  });

  it.each([59, 1_209_601])("refuses %d seconds, which SQS would refuse during a deployment", (seconds) => {
    const build = () => deadLetterQueue({ retentionSeconds: seconds });

    expect(build).toThrow(
      new Error(
        `test-stack/dead-letter-queue: retentionSeconds must be between 60 and 1209600, got ${seconds}`,
      ),
    );
  });

  it("accepts a retention that only Terraform knows", () => {
    const stack = synthesizeStack((testStack) => {
      const days = new TerraformVariable(testStack, "retention", { type: "number" });
      new DeadLetterQueue(testStack, "dead-letter-queue", {
        name: "dlq",
        retentionSeconds: days.numberValue,
      });
    });

    const queue = stack.only("aws_sqs_queue");

    expect(queue.attributes.message_retention_seconds).toBe("${var.retention}");
  });
});
