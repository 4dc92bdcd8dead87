import { restApi, siblings } from "../rest-api";
import { each, type Rule } from "../rule";
import { asRecords, type Resource } from "../stack-view";

const planType = "aws_api_gateway_usage_plan";

/** Whether a usage plan with a key admits callers to some stage of an API, or may do so. */
function admits(plan: Resource, api: Resource): boolean {
  const { stack } = plan;
  if (typeof plan.raw("api_stages") === "string" || plan.isUnknown("count")) return true;
  const names = siblings(api, "aws_api_gateway_stage").map((stage) => stage.value("stage_name"));
  const covered = asRecords(plan.raw("api_stages")).some(({ api_id, stage }) => {
    if (stack.follow(api_id, restApi) !== api) return false;
    const name = stack.evaluate(stage);
    return names.length === 0 || names.includes(name) || `${name}`.includes("${");
  });
  return covered && stack.pointingAt(plan, "aws_api_gateway_usage_plan_key", "usage_plan_id").length > 0;
}

const offsets: Readonly<Record<string, number>> = { DAY: 0, WEEK: 6, MONTH: 27 };

export const apiGatewayUsageRules: readonly Rule[] = [
  {
    id: "api-gateway-key-usable",
    group: "api-gateway",
    demands: "A method that requires an API key has a usage plan with a key for a stage of its API",
    why: "Otherwise every request returns 403: no key is valid for the stage.",
    fix: "Add an ApiGatewayUsagePlan with the stage in apiStages, and an ApiGatewayUsagePlanKey. For the key source AUTHORIZER, add the authorizer.",
    mirrors: [],
    check: each("aws_api_gateway_method", (method) => {
      const api = method.follow("rest_api_id", restApi);
      if (!api || !method.isTrue("api_key_required")) return undefined;
      if (
        api.text("api_key_source") === "AUTHORIZER" &&
        siblings(api, "aws_api_gateway_authorizer").length === 0
      )
        return `the key source of ${api.path} is AUTHORIZER, but it has no authorizer`;
      const plans = method.stack.all(planType);
      return (
        !plans.some((plan) => admits(plan, api)) && `no usage plan with a key has a stage of ${api.path}`
      );
    }),
  },
  {
    id: "api-gateway-quota-offset",
    group: "api-gateway",
    demands: "A quota's offset is within its period: 0 for a day, up to 6 for a week, up to 27 for a month",
    why: "AWS rejects the usage plan at apply.",
    fix: "Set the offset to 0, or choose a longer period.",
    mirrors: [],
    check: each(planType, (plan) => {
      const period = plan.text("quota_settings.period") ?? "";
      const offset = plan.number("quota_settings.offset") ?? 0;
      const maximum = offsets[period];
      return (
        maximum !== undefined &&
        (offset < 0 || offset > maximum) &&
        `offset is ${offset}, but period is ${period}`
      );
    }),
  },
  {
    id: "api-gateway-binary-preflight",
    group: "api-gateway",
    demands: "If an API treats every type as binary, its mocked methods convert to text",
    why: "Otherwise the mock cannot read its own template, and every CORS preflight returns 500.",
    fix: 'Set contentHandling: "CONVERT_TO_TEXT" on the MOCK integration, or list the binary types.',
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      const api = integration.follow("rest_api_id", restApi);
      const binary = api?.texts("binary_media_types").includes("*/*");
      const converts = integration.mayBe("content_handling", "CONVERT_TO_TEXT");
      return (
        binary &&
        integration.text("type") === "MOCK" &&
        !converts &&
        `binary_media_types of ${api?.path} is */*`
      );
    }),
  },
  {
    id: "api-gateway-greedy-last",
    group: "api-gateway",
    demands: "A greedy path parameter, such as {proxy+}, has no resource below it",
    why: "AWS rejects the resource below it at apply: it matches everything that follows.",
    fix: "Use a parameter without +, or remove what is below.",
    mirrors: [],
    check: each("aws_api_gateway_resource", (resource) => {
      const parent = resource.follow("parent_id", "aws_api_gateway_resource");
      const part = parent?.text("path_part");
      return part?.endsWith("+}") && `it is below ${part}`;
    }),
  },
];
