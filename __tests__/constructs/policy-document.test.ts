import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { type PolicyStatement, policyDocument } from "../../constructs/policy-document";
import { synthesizeStack } from "../support/synthesize";

const read: PolicyStatement = {
  Sid: "Read",
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::b/*",
};
const deny: PolicyStatement = { Sid: "Deny", Effect: "Deny", Action: ["s3:*"], Resource: ["*"] };

describe("policyDocument", () => {
  it("is JSON in the current policy language version, with the statements in order", () => {
    const document = policyDocument(deny, read);

    expect(document).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"Deny","Effect":"Deny","Action":["s3:*"],"Resource":["*"]},' +
        '{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}',
    );
  });

  it("contains another resource's ARN as a reference that Terraform resolves", () => {
    const stack = synthesizeStack((testStack) => {
      const queue = new SqsQueue(testStack, "queue", { name: "queue" });
      const policy = policyDocument({ ...read, Resource: [queue.arn, `${queue.arn}/*`] });
      new SqsQueuePolicy(testStack, "policy", { queueUrl: queue.id, policy });
    });

    const policy = stack.only("aws_sqs_queue_policy").parsed("policy");

    const arn = stack.only("aws_sqs_queue").ref("arn");
    expect(policy).toEqual({ Version: "2012-10-17", Statement: [{ ...read, Resource: [arn, `${arn}/*`] }] });
  });
});
