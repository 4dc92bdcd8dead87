import { unknown } from "../../../packages/iam/unknown";
import { changed, judgedPlan, prodStack, replacement, valuesOf } from "./prod-plan";

const table = "aws_dynamodb_table.items-table";
const mapping = "aws_lambda_event_source_mapping.stream-mapping";
const rolePolicy = "aws_iam_role_policy.api-function_role-policy";
const alarm = "aws_cloudwatch_metric_alarm.alarms_api-5xx_alarm";

describe("a table that is replaced under another name", () => {
  it("is the only loss if whatever names it follows", () => {
    const [old, now] = [`${valuesOf(table).name}`, "renamed-table"];
    const naming = prodStack().filter(
      ({ type, change }) => type !== "aws_dynamodb_table" && JSON.stringify(change.before).includes(old),
    );
    const followed = naming.map((resource) => ({
      ...resource,
      change: {
        ...resource.change,
        actions: ["update"],
        after: JSON.parse(JSON.stringify(resource.change.before).replaceAll(old, now)),
      },
    }));
    const astray = followed.map((resource) => ({
      ...resource,
      change: {
        ...resource.change,
        after: JSON.parse(JSON.stringify(resource.change.after).replaceAll(now, "astray")),
      },
    }));
    const renamed = replacement(table, { name: now });

    expect(judgedPlan([renamed, ...followed]).refused).toEqual([renamed.address]);
    expect(judgedPlan([renamed, ...astray]).refused.length).toBeGreaterThan(3);
  });

  it("is the only loss if what depends on it follows, and what has the same name stays", () => {
    const { name, arn } = valuesOf(table);
    const streamArn = `${arn}/stream/2026`;
    const renamed = changed(table, {
      actions: ["create", "delete"],
      before: { ...valuesOf(table), stream_arn: streamArn },
      after: { ...valuesOf(table), name: "renamed-table", arn: null },
      after_unknown: { arn: true, stream_arn: true },
    });
    const source = { event_source_arn: streamArn, tumbling_window_in_seconds: 0 };
    const replacedMapping = changed(mapping, {
      actions: ["delete", "create"],
      before: { ...valuesOf(mapping), ...source },
      after: { ...valuesOf(mapping), event_source_arn: null, tumbling_window_in_seconds: null },
      after_unknown: { event_source_arn: true },
    });
    const statements = (tableArn: string) =>
      JSON.stringify({
        Statement: [`${tableArn}`, `arn:aws:events:eu-west-1:123456789012:event-bus/${name}`].map(
          (Resource) => ({ Effect: "Allow", Action: "dynamodb:GetItem", Resource }),
        ),
      });
    const followed = changed(rolePolicy, {
      actions: ["update"],
      before: { ...valuesOf(rolePolicy), policy: statements(`${arn}`) },
      after: { ...valuesOf(rolePolicy), policy: statements(unknown(`${renamed.address}.arn`)) },
    });
    const queries = [name, "other"].map((TableName) => ({
      period: 0,
      return_data: false,
      metric: [{ dimensions: { TableName } }],
    }));
    const reordered = changed(alarm, {
      actions: ["update"],
      before: { ...valuesOf(alarm), metric_query: queries },
      after: {
        ...valuesOf(alarm),
        metric_query: [queries[1], { metric: [{ dimensions: { TableName: "renamed-table" } }] }],
      },
    });

    const judgement = judgedPlan([renamed, replacedMapping, followed, reordered]);

    expect(judgement.refused).toEqual([renamed.address]);
    expect(judgement.changes.flatMap(({ access }) => access)).toEqual([]);
  });
});
