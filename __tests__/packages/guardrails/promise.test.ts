import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsSnsTopic } from "@cdktf/provider-aws/lib/data-aws-sns-topic";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Aspects, Lazy, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Guardrails } from "../../../packages/guardrails/guardrails";

const kept = "lines are kept for two weeks";

/** A stack with one log group, and what a test does to it. */
function stackWith(change: (stack: TerraformStack, group: CloudwatchLogGroup) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "shop");
  Guardrails.apply(stack, { requiredTags: [] });
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  const group = new CloudwatchLogGroup(stack, "group", { name: "orders", retentionInDays: 14 });
  change(stack, group);
  return stack;
}

/** What the rule says, without the other parts of the error. */
function broken(stack: TerraformStack): readonly string[] {
  try {
    Testing.synth(stack);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return [...message.matchAll(/\. ([a-z-]+) at (\S+)\n {3}found: (.*)/g)].map(
      ([, rule, path, found]) => `${rule} at ${path}: ${found}`,
    );
  }
}

describe("Guardrails.promise", () => {
  it("says nothing about a resource that is as promised", () => {
    const stack = stackWith((_, group) =>
      Guardrails.promise(group, kept, ["name", "retention_in_days", "kms_key_id"]),
    );

    expect(broken(stack)).toEqual([]);
  });

  it.each<[string, (stack: TerraformStack, group: CloudwatchLogGroup) => void, string]>([
    [
      "an override",
      (_, group) => group.addOverride("retention_in_days", 7),
      "retention_in_days is 7, not 14",
    ],
    [
      "an override that removes it",
      (_, group) => group.addOverride("retention_in_days", undefined),
      "retention_in_days is absent, not 14",
    ],
    [
      "an override of the stack",
      (stack, group) =>
        stack.addOverride(
          `resource.aws_cloudwatch_log_group.${group.friendlyUniqueId}.retention_in_days`,
          30,
        ),
      "retention_in_days is 30, not 14",
    ],
    [
      "a later aspect",
      (stack) =>
        Aspects.of(stack).add({
          visit: (node) => {
            if (node instanceof CloudwatchLogGroup) node.retentionInDays = 90;
          },
        }),
      "retention_in_days is 90, not 14",
    ],
  ])("refuses %s, with the reason", (_, change, found) => {
    const stack = stackWith((one, group) => {
      Guardrails.promise(group, kept, ["retention_in_days"]);
      change(one, group);
    });

    expect(broken(stack)).toContain(`stack-promises-kept at shop/group: ${found}, but ${kept}`);
  });

  it("refuses what was promised to be absent", () => {
    const stack = stackWith((_, group) => {
      Guardrails.promise(group, kept, ["kms_key_id"]);
      group.addOverride("kms_key_id", "alias/other");
    });

    expect(broken(stack)).toEqual([
      `stack-promises-kept at shop/group: kms_key_id is alias/other, not absent, but ${kept}`,
    ]);
  });

  it("refuses a resource that is gone", () => {
    const stack = stackWith((_, group) => {
      Guardrails.promise(group, kept, ["name"]);
      group.toTerraform = () => ({});
    });

    expect(broken(stack)).toEqual([`stack-promises-kept at shop: shop/group is absent, but ${kept}`]);
  });

  it("holds values that the resource itself does not have yet", () => {
    const stack = stackWith((one, group) => {
      const topic = new DataAwsSnsTopic(one, "topic", { name: "ops" });
      Guardrails.promise(topic, "alarms go there", { name: "operations" });
      Guardrails.promise(group, kept, { retention_in_days: "14", name: "orders" });
    });

    expect(broken(stack)).toEqual([
      "stack-promises-kept at shop/topic: name is ops, not operations, but alarms go there",
    ]);
  });

  it("compares by meaning: references, numbers as texts, a block as a list, and statements in any order", () => {
    const policy = (...statements: readonly object[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement: statements });
    const tls = (resource: string) => ({
      Sid: "Tls",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: resource,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    const reader = {
      Sid: "Reader",
      Effect: "Allow",
      Principal: { AWS: "123456789012" },
      Action: ["sqs:ReceiveMessage"],
      Resource: "arn:aws:sqs:eu-west-1:123456789012:jobs",
    };
    const stack = stackWith((one, group) => {
      const queue = new SqsQueue(one, "queue", { name: "jobs", sqsManagedSseEnabled: true });
      const queuePolicy = new SqsQueuePolicy(one, "policy", {
        queueUrl: queue.id,
        policy: Lazy.stringValue({ produce: () => policy(tls(queue.arn), reader) }),
      });
      Guardrails.promise(queuePolicy, "only the reader reads", ["policy"]);
      queuePolicy.addOverride(
        "policy",
        policy({ ...reader, Action: "sqs:ReceiveMessage" }, { ...tls(queue.arn), Action: ["sqs:*"] }),
      );
      Guardrails.promise(group, kept, ["retention_in_days", "name"]);
      group.addOverride("retention_in_days", "14");
      one.addOverride("locals.name", "orders");
      group.addOverride("name", "${local.name}");
    });

    expect(broken(stack)).toEqual([]);
  });

  it("accepts a value that only Terraform knows", () => {
    const stack = stackWith((one, group) => {
      const days = new TerraformVariable(one, "days", { type: "number" });
      Guardrails.promise(group, kept, ["retention_in_days"]);
      group.addOverride("retention_in_days", days.numberValue);
    });

    expect(broken(stack)).toEqual([]);
  });

  it("names the statement that a policy lost, changed or gained", () => {
    const statement = (Sid: string, Action: string) => ({ Sid, Effect: "Allow", Action, Resource: "*" });
    const policy = (...statements: readonly object[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement: statements });
    const stack = stackWith((one) => {
      const queue = new SqsQueuePolicy(one, "policy", {
        queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
        policy: policy(statement("Read", "sqs:ReceiveMessage"), statement("Send", "sqs:SendMessage")),
      });
      Guardrails.promise(queue, "others use it", ["policy"]);
      queue.addOverride("policy", policy(statement("Send", "sqs:*"), statement("Purge", "sqs:PurgeQueue")));
    });

    expect(broken(stack).find((one) => one.startsWith("stack-promises-kept"))).toBe(
      'stack-promises-kept at shop/policy: policy lacks the statement Read, but others use it; policy has another statement Send: {"Sid":"Send","Effect":"Allow","Action":"sqs:*","Resource":"*"}, but others use it; policy has a further statement Purge, but others use it',
    );
  });

  it.each<[string, (first: AwsProvider) => void, readonly string[]]>([
    ["is silent about a provider for another Region", () => undefined, []],
    [
      "refuses another Region of the provider itself",
      (first) => first.addOverride("region", "us-east-1"),
      ['provider.aws is {"region":"us-east-1"}, not {"region":"eu-west-1"}, but it is tested there'],
    ],
  ])("%s", (_, change, found) => {
    const stack = new TerraformStack(Testing.app(), "shop");
    Guardrails.apply(stack, { requiredTags: [] });
    const first = new AwsProvider(stack, "aws", { region: "eu-west-1" });
    Guardrails.promise(first, "it is tested there", ["provider.aws"]);
    new AwsProvider(stack, "elsewhere", { region: "us-west-2", alias: "elsewhere" });
    change(first);

    expect(broken(stack)).toEqual(found.map((text) => `stack-promises-kept at shop: ${text}`));
  });

  it("puts the promises into the JSON, where whoever checks the JSON finds them", () => {
    const stack = stackWith((_, group) => Guardrails.promise(group, kept, ["retention_in_days"]));

    const { metadata } = stack.toTerraform()["//"];

    expect(Object.values(metadata.promises)).toEqual([
      expect.objectContaining({ path: "shop/group", because: kept, attributes: { retention_in_days: 14 } }),
    ]);
  });
});
