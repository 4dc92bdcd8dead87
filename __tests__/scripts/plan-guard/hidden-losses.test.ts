import { textSummary } from "../../../scripts/plan-guard/summary";
import {
  changed,
  created,
  deployedResource,
  destroyed,
  judgedPlan,
  policyWith,
  updated,
  valuesOf,
} from "./prod-plan";

const table = "aws_dynamodb_table.items-table";
const key = "aws_kms_key.encryption-key";
const rolePolicy = "aws_iam_role_policy.api-function_role-policy";

describe("a plan hides nothing", () => {
  const retention = { retention_in_days: 1 };
  const group = "aws_cloudwatch_log_group.api_stage_access-log_group";

  it("behind a move", () => {
    const change = { ...updated(group, retention), previous_address: "aws_cloudwatch_log_group.before" };

    const { refused, changes } = judgedPlan([change]);

    expect(refused).toEqual([`${change.address}.retention_in_days`]);
    expect(changes[0]?.why).toContain("was aws_cloudwatch_log_group.before");
  });

  it("behind a sensitive value, which it does not show", () => {
    const change = updated("aws_ssm_parameter.parameter-api-url", { value: "swordfish" });
    const sensitive = { ...change, change: { ...change.change, after_sensitive: { value: true } } };

    const { refused, changes } = judgedPlan([sensitive]);

    expect(refused).toEqual([`${change.address}.value`]);
    expect(JSON.stringify(changes)).not.toContain("swordfish");
  });

  it("behind a value that is known only after apply", () => {
    const unknown = updated(
      group,
      { retention_in_days: null },
      { after_unknown: { retention_in_days: true } },
    );
    const policy = updated(rolePolicy, { policy: null }, { after_unknown: { policy: true } });

    expect(judgedPlan([unknown]).refused).toEqual([`${unknown.address}.retention_in_days`]);
    expect(judgedPlan([policy]).changes[0]?.access).toEqual([
      expect.stringMatching(/^what role .* may do is known only after apply$/),
    ]);
  });

  it("behind an index that is removed from a set", () => {
    const [byOwner, byDate] = [
      { name: "by-owner", hash_key: "owner" },
      { name: "by-date", hash_key: "date" },
    ];
    const withBoth = { ...valuesOf(table), global_secondary_index: [byOwner, byDate] };
    const change = (after: unknown) =>
      changed(table, {
        actions: ["update"],
        before: withBoth,
        after: { ...withBoth, global_secondary_index: after },
      });

    expect(judgedPlan([change([byDate])]).refused).toEqual([
      expect.stringMatching(/global_secondary_index$/),
    ]);
    expect(judgedPlan([change([byDate, byOwner])]).refused).toEqual([]);
  });

  it("behind the index of an instance, or a module", () => {
    const instance = {
      ...destroyed("aws_ssm_parameter.parameter-api-url"),
      address: 'aws_ssm_parameter.p["a"]',
    };
    const inModule = { ...destroyed("aws_sns_topic.alarm-topic"), address: "module.x.aws_sns_topic.t" };

    expect(judgedPlan([instance, inModule]).refused).toEqual([instance.address, inModule.address]);
  });

  it("behind a policy that is written in another way", () => {
    const name = "aws_kms_key_policy.encryption-key_policy";
    const more = { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "kms:Decrypt" };
    const change = updated(
      name,
      policyWith(name, "policy", (all) => [
        ...all.map((each) => ({ ...each, Sid: undefined, Action: [each.Action].flat() })),
        { ...more, Resource: "*" },
      ]),
    );

    const { changes } = judgedPlan([change]);

    expect(changes.flatMap(({ losses, access }) => [...losses.map(({ text }) => text), ...access])).toEqual([
      expect.stringMatching(/^key \S+ may now be used by sns\.amazonaws\.com \(kms:Decrypt\)$/),
    ]);
  });

  it("behind what somebody made stricter on AWS, and Terraform only restores", () => {
    const { address, change } = deployedResource(group);
    const live = { ...valuesOf(group), retention_in_days: 365 };
    const restored = changed(group, { actions: ["update"], before: live });
    const drift = { ...restored, change: { ...change, actions: ["update"], after: live } };

    expect(judgedPlan([restored], { resource_drift: [drift] }).refused).toEqual([
      `${address}.retention_in_days`,
    ]);
  });

  it("behind three losses of one resource", () => {
    const after = { enable_key_rotation: false, is_enabled: false, deletion_window_in_days: 7 };

    expect(judgedPlan([updated(key, after)]).refused).toHaveLength(3);
  });

  it("behind never, which logs write as 0 days", () => {
    const change = changed(group, {
      actions: ["update"],
      before: { ...valuesOf(group), retention_in_days: 0 },
      after: { ...valuesOf(group), retention_in_days: 14 },
    });

    expect(judgedPlan([change]).refused).toEqual([`${change.address}.retention_in_days`]);
  });

  it("of an attribute or a type that it does not know", () => {
    const attribute = updated(table, { new_attribute: "b" });
    const type = created("aws_unheard_of", { name: "a" });

    expect(judgedPlan([attribute]).changes[0]?.unjudged).toEqual(["new_attribute"]);
    expect(judgedPlan([type]).changes[0]?.unjudged).toEqual(["the resource"]);
  });
});

describe("the sentence at the end", () => {
  const last = (...given: Parameters<typeof judgedPlan>) =>
    textSummary(judgedPlan(...given))
      .split("\n")
      .at(-1);

  it.each([
    ["nothing changes", [], "✓ passed: nothing changes"],
    ["a resource is created", [created("aws_sqs_queue", { name: "a" })], "✓ passed: it only creates"],
    ["a text changes", [updated(table, { tags: { a: "b" } })], "✓ passed: no loss found in 1 change"],
  ])("claims no more than was judged if %s", (_, changes, sentence) => {
    expect(last(changes)).toBe(sentence);
  });

  it("says that a part of the stack is missing", () => {
    expect(last([], { complete: false })).toMatch(/^✓ passed: nothing changes\. The plan leaves out a part/);
  });

  it("names how many changes need a look", () => {
    const forgotten = changed(table, { actions: ["forget"], after: null });

    expect(last([created("aws_unheard_of", {}), forgotten])).toMatch(
      /^✓ passed: no loss found in 2 changes\. Not judged.*: 1 \(\?\)\. Left on AWS.*: 1$/,
    );
  });
});
