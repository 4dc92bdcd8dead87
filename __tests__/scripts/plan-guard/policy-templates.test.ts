import { judge } from "../../../scripts/plan-guard/judgement";
import { plannedChanges } from "../../../scripts/plan-guard/planned-changes";
import { withPolicyTemplates } from "../../../scripts/plan-guard/policy-templates";
import type { ResourceChange } from "../../../scripts/plan-guard/terraform-plan";

const account = "123456789012";
const tableArn = `arn:aws:dynamodb:eu-west-1:${account}:table/items`;
const statement = (Resource: string, Action = "dynamodb:GetItem") => ({ Effect: "Allow", Action, Resource });
const policyOf = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

const table: ResourceChange = {
  address: "aws_dynamodb_table.items",
  mode: "managed",
  type: "aws_dynamodb_table",
  change: {
    actions: ["no-op"],
    before: { name: "items", arn: tableArn },
    after: { name: "items", arn: tableArn },
  },
};
const replacedTable: ResourceChange = {
  ...table,
  change: {
    actions: ["delete", "create"],
    before: { name: "items", arn: tableArn },
    after: { name: "rows" },
    after_unknown: { arn: true },
  },
};
const queue: ResourceChange = {
  address: "aws_sqs_queue.new",
  mode: "managed",
  type: "aws_sqs_queue",
  change: { actions: ["create"], before: null, after: { name: "new" }, after_unknown: { arn: true } },
};
const rolePolicy: ResourceChange = {
  address: "aws_iam_role_policy.api",
  mode: "managed",
  type: "aws_iam_role_policy",
  change: {
    actions: ["update"],
    before: { role: "api", policy: policyOf(statement(tableArn)) },
    after: { role: "api" },
    after_unknown: { policy: true },
  },
};

/** Judges a change of the role's policy to a text with references. */
function judged(template: string, ...changes: readonly ResourceChange[]) {
  const plan = {
    format_version: "1.2",
    resource_changes: [...changes, rolePolicy],
    prior_state: {
      values: {
        root_module: {
          resources: [{ address: "data.aws_caller_identity.current", values: { account_id: account } }],
        },
      },
    },
  };
  const templates = {
    locals: { region: "eu-west-1" },
    resource: { aws_iam_role_policy: { api: { policy: template } } },
  };
  const judgement = judge(
    { stack: "dev-stack", changes: plannedChanges(withPolicyTemplates(plan, templates)) },
    [],
  );
  const change = judgement.changes.find(({ address }) => address === rolePolicy.address);
  return { refused: judgement.refused, access: change?.access ?? [], losses: change?.losses ?? [] };
}

describe("a policy that Terraform does not know yet", () => {
  it("is told by what it adds, with the reference to what is created", () => {
    const template = policyOf(
      statement("${aws_dynamodb_table.items.arn}"),
      statement("${aws_sqs_queue.new.arn}", "sqs:SendMessage"),
    );

    expect(judged(template, table, queue)).toEqual({
      refused: [],
      losses: [],
      access: ["role api may now also sqs:SendMessage on <aws_sqs_queue.new.arn>"],
    });
  });

  it("resolves data sources and locals", () => {
    const arn = "arn:aws:dynamodb:${local.region}:${data.aws_caller_identity.current.account_id}:table/items";
    const template = policyOf(statement(arn), statement("${aws_sqs_queue.new.arn}", "sqs:SendMessage"));

    expect(judged(template, table, queue).losses).toEqual([]);
  });

  it("is refused for what it no longer allows", () => {
    const template = policyOf(statement("${aws_sqs_queue.new.arn}", "sqs:SendMessage"));

    expect(judged(template, table, queue).losses).toEqual([
      expect.objectContaining({
        key: "aws_iam_role_policy.api.policy",
        text: `role api may no longer dynamodb:GetItem on ${tableArn}`,
      }),
    ]);
  });

  it("is refused if it allows everything, whatever else it says", () => {
    const template = policyOf(statement("${aws_sqs_queue.new.arn}", "*"));

    expect(judged(template, table, queue).refused).toEqual(["aws_iam_role_policy.api.policy"]);
  });

  it("follows a table that is replaced", () => {
    const template = policyOf(statement("${aws_dynamodb_table.items.arn}"));

    expect(judged(template, replacedTable)).toEqual({
      refused: ["aws_dynamodb_table.items"],
      access: [],
      losses: [],
    });
  });

  it("stays unknown if its text is not in the templates", () => {
    expect(judged("${data.aws_iam_policy_document.api.json}", table).access).toEqual([
      "what role api may do is known only after apply",
    ]);
  });
});
