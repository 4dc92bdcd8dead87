import { accessLosses } from "./access-losses";
import { dataLosses } from "./data-losses";
import { operationLosses } from "./operation-losses";
import {
  changed,
  created,
  destroyed,
  judgedPlan,
  replacement,
  updated,
  valuesOf,
  withoutHash,
} from "./prod-plan";

const stage = "aws_api_gateway_stage.api_stage";
const alarm = "aws_cloudwatch_metric_alarm.alarms_api-5xx_alarm";
const mapping = "aws_lambda_event_source_mapping.stream-mapping";
const asynchronous = "aws_lambda_function_event_invoke_config.api-function_asynchronous-invocation";
const permission = "aws_lambda_permission.api-function_invoke-get-health";
const anybody = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };

const updates = [...dataLosses, ...accessLosses, ...operationLosses].map(
  ([name, attribute, after, before = {}]) => {
    const was = { ...valuesOf(name), ...before };
    const change = changed(name, { actions: ["update"], before: was, after: { ...was, ...after } });
    return { key: `${name}.${attribute}`, title: JSON.stringify(after).slice(0, 100), change };
  },
);

describe("an update in place is refused by address and attribute", () => {
  it.each(updates)("$key: $title", ({ key, change }) => {
    const { refused, changes } = judgedPlan([change]);

    expect(refused.map(withoutHash)).toContain(key);
    expect(changes.flatMap(({ losses }) => losses).every(({ text }) => text.length > 10)).toBe(true);
  });

  it.each(updates)("$key: $title, although everything else is acknowledged", ({ key, change }) => {
    const { refused } = judgedPlan([change]);
    const lost = refused.find((refusal) => withoutHash(refusal) === key) ?? "";
    const others = [change.address, ...refused.filter((refusal) => refusal !== lost)];

    expect(judgedPlan([change], {}, others).refused).toEqual([lost]);
    expect(judgedPlan([change], {}, refused).refused).toEqual([]);
  });
});

describe("what others name and use is refused when it ends", () => {
  it.each([
    "aws_s3_bucket_versioning.artifact-bucket_versioning",
    "aws_sqs_queue_policy.dead-letter-queue_policy",
    "aws_s3_bucket_public_access_block.log-bucket_public-access",
    asynchronous,
    "aws_api_gateway_resource.api_health",
    "aws_api_gateway_method.api_delete-items-id-timestamp",
    "aws_ssm_parameter.parameter-api-url",
    "aws_cloudwatch_log_subscription_filter.access-log-delivery_subscription",
    "aws_api_gateway_gateway_response.api_responses_throttled",
    "aws_cloudwatch_event_bus.event-bus",
    "aws_sns_topic.alarm-topic",
    stage,
    "aws_lambda_alias.api-function_live",
    mapping,
    alarm,
    "aws_iam_policy.api_invoke-policy",
    permission,
  ])("%s", (name) => {
    expect(judgedPlan([destroyed(name)]).refused.map(withoutHash)).toEqual([name]);
  });

  it.each([
    [alarm, { alarm_name: "other" }],
    [mapping, { starting_position: "LATEST" }],
    ["aws_lambda_alias.api-function_live", { name: "current" }],
    ["aws_cloudwatch_event_bus.event-bus", { name: "other" }],
    ["aws_ssm_parameter.parameter-api-url", { name: "/other" }],
    [stage, { stage_name: "v2" }],
  ])("%s replaced with %j", (name, after) => {
    expect(judgedPlan([replacement(name, after)]).refused.map(withoutHash)).toEqual([name]);
  });

  it.each([
    ["another path", "aws_api_gateway_resource.api_items", { path_part: "things" }, ""],
    ["another variable", "aws_api_gateway_resource.api_items-id", { path_part: "{key}" }, ".path_part"],
    ["a greedy variable", "aws_api_gateway_resource.api_items-id", { path_part: "{id+}" }, ""],
  ])("a path that becomes %s in place", (_, name, after, attribute) => {
    expect(judgedPlan([updated(name, after)]).refused.map(withoutHash)).toEqual([`${name}${attribute}`]);
  });

  it.each([
    ["a removed output", { actions: ["delete"], before: "https://a", after: null }],
    ["a changed output", { actions: ["update"], before: "https://a", after: "https://b" }],
    ["an output known only after apply", { actions: ["update"], before: "https://a", after_unknown: true }],
  ])("%s, although no resource changes", (_, change) => {
    const { refused } = judgedPlan([], { output_changes: { "prod-stack-api-url": change } });

    expect(refused).toEqual([expect.stringMatching(/^output\.prod-stack-api-url/)]);
  });

  it.each([
    ["a source that is everybody's API", { source_arn: "arn:aws:execute-api:eu-west-1:*:*" }],
    ["any principal", { principal: "*" }],
    ["no source", { source_arn: null }],
  ])("a permission that is replaced by one with %s", (_, after) => {
    expect(judgedPlan([replacement(permission, after)]).refused.map(withoutHash)).toEqual([permission]);
  });
});

describe("what is created is refused if it opens something, or takes something away", () => {
  it.each([
    ["aws_lambda_function_url", { function_name: "f", authorization_type: "NONE" }],
    ["aws_lambda_permission", { function_name: "f", action: "lambda:InvokeFunction", principal: "*" }],
    [
      "aws_cloudwatch_event_bus_policy",
      { event_bus_name: "b", policy: JSON.stringify({ Statement: anybody }) },
    ],
    [
      "aws_cloudwatch_event_bus_policy",
      {
        event_bus_name: "b",
        policy: JSON.stringify({
          Statement: { ...anybody, Condition: { StringLike: { "aws:PrincipalOrgID": "*" } } },
        }),
      },
    ],
    ["aws_cloudwatch_event_permission", { principal: "*", statement_id: "a" }],
    [
      "aws_api_gateway_method_settings",
      {
        rest_api_id: "api_4F59AA66-id",
        stage_name: "prod",
        method_path: "items/GET",
        settings: [{ throttling_burst_limit: 0 }],
      },
    ],
    [
      "aws_iam_role_policy_attachment",
      { role: "r", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
    [
      "aws_s3_bucket_lifecycle_configuration",
      { bucket: "log-bucket", rule: [{ id: "all", status: "Enabled", expiration: [{ days: 1 }] }] },
    ],
  ])("%s %j", (type, after) => {
    expect(judgedPlan([created(type, after)]).refused).not.toEqual([]);
  });
});
