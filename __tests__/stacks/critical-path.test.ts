import { environments } from "../../stacks/environments";
import { accountStack } from "../support/account-stack";
import type { Block } from "../support/block";
import { dependenciesOf } from "../support/dependencies";
import { everySwitch } from "../support/every-switch";
import type { ResourceType } from "../support/provider-types";
import { serviceStacks } from "../support/service-stacks";

interface Wait {
  readonly types: readonly ResourceType[];
  readonly waitsFor: ResourceType;
  /** Paths in the stack's construct tree. `%` is the construct of the stack that the slow resource is in. */
  readonly at: string;
  readonly reason: string;
}

/** Resources that take half a minute or more: whatever they wait for makes the whole deployment longer. */
const slow = {
  domain: "aws_api_gateway_domain_name",
  lifecycle: "aws_s3_bucket_lifecycle_configuration",
  queue: "aws_sqs_queue",
  queuePolicy: "aws_sqs_queue_policy",
  stream: "aws_kinesis_firehose_delivery_stream",
  roleWait: "terraform_data",
} as const satisfies Record<string, ResourceType>;

/** Encrypted resources wait for the key's policy. What that waits for is looked at once, not through each of them. */
const keyPolicy = "aws_kms_key_policy";
const encrypted = [slow.queue, slow.queuePolicy, slow.stream, slow.roleWait];

const allowed: readonly Wait[] = [
  wait([slow.lifecycle], "aws_s3_bucket", "%/(bucket/)?bucket", "its rules belong to the bucket"),
  wait(
    [slow.lifecycle],
    "aws_s3_bucket_versioning",
    "%/(bucket/)?versioning",
    "it has rules about old versions",
  ),
  wait([slow.queuePolicy], "aws_sqs_queue", "%/queue", "it belongs to the queue"),
  wait([slow.stream], "aws_s3_bucket", "log-bucket/bucket/bucket", "it delivers to the bucket"),
  wait([slow.stream], "aws_iam_role", "%/delivery-role", "it delivers as this role"),
  wait(
    [slow.stream],
    "aws_iam_role_policy",
    "%/delivery-policy",
    "Firehose checks that the role may deliver",
  ),
  wait([slow.stream], "aws_cloudwatch_log_stream", "%/error-stream", "it logs its errors there"),
  wait([slow.stream], "aws_cloudwatch_log_group", "%/errors/group", "it logs its errors there"),
  wait(
    [slow.stream],
    "aws_cloudwatch_log_group",
    "api/stage/access-log/group",
    "the access log's ARN contains the account's id",
  ),
  wait(
    [slow.roleWait],
    "aws_iam_role",
    "%/subscription-role",
    "the subscription may be created half a minute after its role, while the stream is created",
  ),
  wait(
    [slow.roleWait],
    "aws_cloudwatch_log_group",
    "api/stage/access-log/group",
    "the role trusts CloudWatch Logs for this log group only",
  ),
  wait(encrypted, "aws_kms_key", "encryption-key/key", "the key encrypts it, or the log group it waits for"),
  wait(encrypted, keyPolicy, "encryption-key/policy", "the key can be used once its policy is in place"),
  wait([keyPolicy], "aws_kms_key", "encryption-key/key", "it belongs to the key"),
  wait(
    [keyPolicy],
    "aws_api_gateway_rest_api",
    "api/api",
    "it names the API's execution log, by the API's id",
  ),
];

function wait(types: readonly ResourceType[], waitsFor: ResourceType, at: string, reason: string): Wait {
  return { types, waitsFor, at, reason };
}

const stacks = [accountStack(), ...serviceStacks([...environments, ...everySwitch])];

const waits = stacks.flatMap((stack) =>
  [...Object.values(slow), keyPolicy as ResourceType].flatMap((type) =>
    stack.resources(type).flatMap((block) =>
      dependenciesOf(stack, block, (dependency) => dependency.type === keyPolicy).map((dependency) => ({
        block,
        dependency,
      })),
    ),
  ),
);

describe("slow resources", () => {
  it("are all in the stacks under test", () => {
    const absent = Object.values(slow).filter((type) =>
      stacks.every((stack) => stack.resources(type).length === 0),
    );

    expect(absent).toEqual([]);
  });

  it("wait only for what has a reason", () => {
    const surplus = waits.filter((candidate) => !allowed.some((one) => isAllowedBy(one, candidate)));

    expect(surplus.map(({ block, dependency }) => `${block.path} waits for ${dependency.path}`)).toEqual([]);
  });

  it("have no reason that none of them needs", () => {
    const unused = allowed.filter((one) => !waits.some((candidate) => isAllowedBy(one, candidate)));

    expect(unused).toEqual([]);
  });
});

function isAllowedBy(
  { types, waitsFor, at }: Wait,
  { block, dependency }: { readonly block: Block; readonly dependency: Block },
): boolean {
  const path = new RegExp(`^${at.replace("%", block.path.split("/")[1] ?? "")}$`);
  return (
    types.some((type) => type === block.type) &&
    waitsFor === dependency.type &&
    path.test(dependency.path.split("/").slice(1).join("/"))
  );
}
