import { environments } from "../../stacks/environments";
import type { Block } from "../support/block";
import { dependenciesOf } from "../support/dependencies";
import type { ResourceType } from "../support/provider-types";
import { serviceStacks } from "../support/service-stacks";

interface Wait {
  readonly types: readonly ResourceType[];
  readonly waitsFor: ResourceType;
  /** The same construct's only, such as a bucket's lifecycle for its own bucket; or any of the stack's. */
  readonly where: "same construct" | "anywhere";
  readonly reason: string;
}

/** Resources that take half a minute or more: whatever they wait for makes the whole deployment longer. */
const slow = {
  domain: "aws_api_gateway_domain_name",
  lifecycle: "aws_s3_bucket_lifecycle_configuration",
  queue: "aws_sqs_queue",
  queuePolicy: "aws_sqs_queue_policy",
  stream: "aws_kinesis_firehose_delivery_stream",
} as const satisfies Record<string, ResourceType>;

const encrypted = [slow.queue, slow.queuePolicy, slow.stream];

const allowed: readonly Wait[] = [
  wait([slow.lifecycle], "aws_s3_bucket", "same construct", "its rules belong to the bucket"),
  wait([slow.lifecycle], "aws_s3_bucket_versioning", "same construct", "it has rules about old versions"),
  wait([slow.queuePolicy], "aws_sqs_queue", "same construct", "it belongs to the queue"),
  wait([slow.stream], "aws_s3_bucket", "anywhere", "it delivers to the bucket"),
  wait([slow.stream], "aws_iam_role", "same construct", "it delivers as this role"),
  wait([slow.stream], "aws_iam_role_policy", "same construct", "Firehose checks that the role may deliver"),
  wait([slow.stream], "aws_cloudwatch_log_stream", "same construct", "it logs its errors there"),
  wait([slow.stream], "aws_cloudwatch_log_group", "same construct", "it logs its errors there"),
  wait([slow.stream], "aws_cloudwatch_log_group", "anywhere", "the access log's ARN tells the account's id"),
  wait(encrypted, "aws_kms_key", "anywhere", "the key encrypts it"),
  wait(encrypted, "aws_kms_key_policy", "anywhere", "the key can be used once its policy is in place"),
  wait(encrypted, "aws_api_gateway_rest_api", "anywhere", "the key's policy names the API's execution log"),
];

function wait(
  types: readonly ResourceType[],
  waitsFor: ResourceType,
  where: Wait["where"],
  reason: string,
): Wait {
  return { types, waitsFor, where, reason };
}

/** Every environment, with every switch that adds one of the slow resources or something to wait for. */
const stacks = serviceStacks([
  ...environments,
  ...environments.slice(0, 1).map((environment) => ({
    ...environment,
    name: "switched",
    customerKey: true,
    webAcl: true,
    allowedOrigin: "https://example.com",
    domain: {
      name: "api.example.com",
      certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/a",
      hostedZoneId: "Z1",
    },
  })),
]);

const waits = stacks.flatMap((stack) =>
  Object.values(slow).flatMap((type) =>
    stack
      .resources(type)
      .flatMap((block) => dependenciesOf(stack, block).map((dependency) => ({ stack, block, dependency }))),
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

    expect(
      surplus.map(
        ({ stack, block, dependency }) => `${stack.name}: ${block.path} waits for ${dependency.path}`,
      ),
    ).toEqual([]);
  });

  it("wait for everything that has a reason", () => {
    const unused = allowed.filter((one) => !waits.some((candidate) => isAllowedBy(one, candidate)));

    expect(unused).toEqual([]);
  });
});

function isAllowedBy(
  { types, waitsFor, where }: Wait,
  { block, dependency }: { readonly block: Block; readonly dependency: Block },
): boolean {
  return (
    types.some((type) => type === block.type) &&
    waitsFor === dependency.type &&
    (where === "anywhere" || partOf(block) === partOf(dependency))
  );
}

/** The construct of the stack in which a block is: `log-bucket` of `dev-stack/log-bucket/lifecycle`. */
function partOf({ path }: Block): string | undefined {
  return path.split("/")[1];
}
