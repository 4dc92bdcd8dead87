import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import { asList } from "../../../scripts/plan-guard/rules/values";
import {
  changed,
  created,
  destroyed,
  inFirst,
  judgedPlan,
  policyWith,
  prodStack,
  replacement,
  updated,
  valuesOf,
} from "./prod-plan";

const group = "aws_cloudwatch_log_group.api_stage_access-log_group";
const table = "aws_dynamodb_table.items-table";
const queue = "aws_sqs_queue.dead-letter-queue";
const apiFunction = "aws_lambda_function.api-function";
const settings = "aws_api_gateway_method_settings.api_stage_method-settings";
const stage = "aws_api_gateway_stage.api_stage";
const alarm = "aws_cloudwatch_metric_alarm.alarms_api-5xx_alarm";
const logBucket = "aws_s3_bucket_lifecycle_configuration.log-bucket_lifecycle";
const key = "aws_kms_key.encryption-key";
const mapping = "aws_lambda_event_source_mapping.stream-mapping";
const rolePolicy = "aws_iam_role_policy.api-function_role-policy";
const keyPolicy = "aws_kms_key_policy.encryption-key_policy";
const model = "aws_api_gateway_model.api_post-items-model";
const getItems = "aws_api_gateway_method.api_get-items-id";

const rules = valuesOf(logBucket).rule as readonly Values[];
const widened = JSON.parse(`${valuesOf(model).schema}`.replace('"maxLength":256', '"maxLength":512'));

/** A resource, what its attributes become, and what they were if not what prod-stack has. */
const updates: readonly (readonly [name: string, after: Values, before?: Values])[] = [
  [apiFunction, { description: "Another text", tags: { Team: "b" }, tags_all: { Team: "b" } }],
  [group, { retention_in_days: 30 }],
  [group, { retention_in_days: 0 }],
  [table, { deletion_protection_enabled: true }, { deletion_protection_enabled: false }],
  [table, { point_in_time_recovery: [{ enabled: true }] }, { point_in_time_recovery: [] }],
  [table, {}, { server_side_encryption: [] }],
  [
    queue,
    { message_retention_seconds: 1_209_600, receive_wait_time_seconds: 20 },
    { message_retention_seconds: 345_600 },
  ],
  [apiFunction, { s3_key: "api/new.zip", source_code_hash: "new" }],
  [apiFunction, { memory_size: 2_048, timeout: 20 }],
  [apiFunction, { reserved_concurrent_executions: 150 }],
  [apiFunction, inEnvironment({ POWERTOOLS_LOG_LEVEL: "WARN", ADDED: "a" })],
  [settings, inFirst(settings, "settings", { throttling_rate_limit: 800, throttling_burst_limit: 2_000 })],
  [settings, inFirst(settings, "settings", { logging_level: "INFO" })],
  [alarm, { threshold: 0.005, alarm_description: "Another text", datapoints_to_alarm: 2 }],
  [
    alarm,
    { alarm_actions: [...asList(valuesOf(alarm).alarm_actions), "arn:aws:sns:eu-west-1:123456789012:b"] },
  ],
  [logBucket, inFirst(logBucket, "rule", { expiration: [{ days: 365 }] })],
  [logBucket, { rule: [...rules].reverse() }],
  [logBucket, inFirst(logBucket, "rule", { id: "another" })],
  [key, { description: "Another text", rotation_period_in_days: 180 }],
  [key, { deletion_window_in_days: 30 }, { deletion_window_in_days: 7 }],
  ["aws_iam_role.api-function_role", { description: "Another text", max_session_duration: 7_200 }],
  ["aws_cloudwatch_dashboard.dashboard", { dashboard_body: dashboardWith((all) => [...all, all[0]]) }],
  ["aws_cloudwatch_dashboard.dashboard", { dashboard_body: dashboardWith((all) => all.slice(2)) }],
  [mapping, { maximum_record_age_in_seconds: 86_400, batch_size: 50, maximum_batching_window_in_seconds: 2 }],
  [model, { schema: JSON.stringify({ ...widened, description: "Another text" }) }],
  [getItems, { request_parameters: { ...(valuesOf(getItems).request_parameters as Values), added: false } }],
  [stage, { description: "Another text" }],
  [
    stage,
    inFirst(stage, "access_log_settings", { format: `${logFormat().slice(0, -1)},"added":"$context.path"}` }),
  ],
  [keyPolicy, sameMeaning(keyPolicy)],
  [rolePolicy, sameMeaning(rolePolicy)],
  ["aws_lambda_alias.api-function_live", { function_version: "8" }, { function_version: "7" }],
];

function inEnvironment(added: Values): Values {
  const { variables } = firstOf(apiFunction, "environment");
  return { environment: [{ variables: { ...(variables as Values), ...added } }] };
}

function logFormat(): string {
  return `${firstOf(stage, "access_log_settings").format}`;
}

function firstOf(name: string, block: string): Values {
  return (valuesOf(name)[block] as [Values])[0];
}

function dashboardWith(change: (widgets: readonly unknown[]) => readonly unknown[]): string {
  const body = JSON.parse(`${valuesOf("aws_cloudwatch_dashboard.dashboard").dashboard_body}`);
  return JSON.stringify({ ...body, widgets: change(body.widgets) });
}

/** Lists in place of texts, in another order, with other ids, and the account's number in place of its root. */
function sameMeaning(name: string): Values {
  const { policy } = policyWith(name, "policy", (all) =>
    all
      .map((each, index) => ({ ...each, Sid: `Other${index}`, Action: [...asList(each.Action)].reverse() }))
      .reverse(),
  );
  return { policy: `${policy}`.replace("arn:aws:iam::123456789012:root", "123456789012") };
}

describe("a change that loses nothing passes without an acknowledgement", () => {
  it.each(
    updates.map(([name, after, before = {}]) => ({
      name,
      after,
      before,
      title: JSON.stringify(after).slice(0, 100),
    })),
  )("$name: $title", ({ name, after, before }) => {
    const was = { ...valuesOf(name), ...before };
    const change = changed(name, {
      actions: ["update"],
      before: was,
      after: { ...valuesOf(name), ...after },
    });

    const { refused, changes } = judgedPlan([change]);

    expect(refused).toEqual([]);
    expect(changes.map(({ access, unjudged }) => [...access, ...unjudged])).toEqual([[]]);
  });

  it("a normal deployment of code", () => {
    const unknown = { after_unknown: { version: true, qualified_arn: true, last_modified: true } };

    const { refused, changes } = judgedPlan([
      updated(apiFunction, { s3_key: "api/new.zip", source_code_hash: "new" }, unknown),
      updated(
        "aws_lambda_alias.api-function_live",
        { function_version: null },
        { after_unknown: { function_version: true } },
      ),
    ]);

    expect(refused).toEqual([]);
    expect(changes.flatMap(({ access, unjudged }) => [...access, ...unjudged])).toEqual([]);
  });

  it("a new deployment of the API, which its stage then serves and a parameter notes", () => {
    const { refused } = judgedPlan([
      updated("aws_ssm_parameter.api_removed-parts_after", { insecure_value: "0a1b2c3d,4e5f6a7b" }),
      replacement("aws_api_gateway_deployment.api_deployment", { triggers: { redeployment: "new" } }),
      updated(stage, { deployment_id: null }, { after_unknown: { deployment_id: true, invoke_url: true } }),
    ]);

    expect(refused).toEqual([]);
  });

  it("a permission under another address", () => {
    const permission = "aws_lambda_permission.api-function_invoke-get-health";
    const moved = created("aws_lambda_permission", { ...valuesOf(permission), statement_id: "another" });

    expect(judgedPlan([destroyed(permission), moved]).refused).toEqual([]);
    expect(judgedPlan([destroyed(permission)]).refused).toHaveLength(1);
  });

  it("tags of every resource, without a word about each", () => {
    const tagged = prodStack().filter(({ change }) => "tags_all" in (change.before as Values));
    const judgement = judgedPlan(
      tagged.map((resource) => ({
        ...resource,
        change: {
          ...resource.change,
          actions: ["update"],
          after: { ...(resource.change.before as Values), tags_all: { Added: "a" } },
        },
      })),
    );

    expect(tagged.length).toBeGreaterThan(50);
    expect(judgement.refused).toEqual([]);
    expect(judgement.changes.flatMap(({ access, unjudged }) => [...access, ...unjudged])).toEqual([]);
  });

  it("the first deployment of a stack", () => {
    const judgement = judgedPlan(
      prodStack().map((resource) => ({
        ...resource,
        change: { ...resource.change, actions: ["create"], before: null },
      })),
    );

    expect(judgement.refused).toEqual([]);
  });
});
