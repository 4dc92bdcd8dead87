import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { TerraformElement, TerraformOutput, type TerraformStack, Testing } from "cdktf";
import { RestApi } from "../../constructs/rest-api";
import type { ServiceFunctionProps } from "../../constructs/service-function";
import { fakeBundle } from "../support/fake-bundler";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";
import type { SynthesizedStack } from "../support/synthesized-stack";

/** Adds an API with two routes, of which one has a parameter. */
const addApi = (stack: TerraformStack, changes: Partial<ServiceFunctionProps> = {}) => {
  const worker = serviceFunction(stack, changes);
  const routes = { "POST /items": worker, "GET /items/{id}": worker } as const;
  return new RestApi(stack, "api", { name: "api", description: "Items", logRetentionDays: 14, routes });
};

const restApi = (changes: Partial<ServiceFunctionProps> = {}) =>
  synthesizeStack((stack) => {
    addApi(stack, changes);
  });

/** The API after an attribute of one of its parts was set by hand, as an escape hatch or an aspect would. */
const restApiWith = (path: string, attribute: string, value: unknown) =>
  synthesizeStack((stack) => {
    addApi(stack);
    partOf(stack, path).addOverride(attribute, value);
  });

const partOf = (stack: TerraformStack, path: string): TerraformElement => {
  const part = stack.node.findAll().find(({ node }) => node.path === `test-stack/${path}`);
  if (part instanceof TerraformElement) return part;
  throw new Error(`the stack has no ${path}`);
};

const triggerOf = (stack: SynthesizedStack) => {
  const { triggers } = stack.only("aws_api_gateway_deployment").attributes;
  return (triggers as { redeployment: string }).redeployment;
};

/** The trigger as the stack stands now, without writing it. */
const triggerInside = (stack: TerraformStack) => {
  const [deployment] = Object.values(JSON.parse(Testing.synth(stack)).resource.aws_api_gateway_deployment);
  return (deployment as { triggers: { redeployment: string } }).triggers.redeployment;
};

const snapshottedTypes = [
  "aws_api_gateway_rest_api",
  "aws_api_gateway_resource",
  "aws_api_gateway_method",
  "aws_api_gateway_integration",
] as const;

const snapshottedParts = [
  { path: "api/api", type: ApiGatewayRestApi },
  { path: "api/items", type: ApiGatewayResource },
  { path: "api/items-id", type: ApiGatewayResource },
  { path: "api/post-items", type: ApiGatewayMethod },
  { path: "api/get-items-id", type: ApiGatewayMethod },
  { path: "api/post-items-integration", type: ApiGatewayIntegration },
  { path: "api/get-items-id-integration", type: ApiGatewayIntegration },
];

describe("RestApi", () => {
  it("is regional and named after application and environment", () => {
    const stack = restApi();

    const api = stack.only("aws_api_gateway_rest_api");

    expect(api.attributes).toEqual({
      name: "shop-api-test",
      description: "Items",
      endpoint_configuration: { types: ["REGIONAL"] },
      lifecycle: { create_before_destroy: true },
    });
  });

  it("has a resource for each part of a path, made once", () => {
    const stack = restApi();

    const api = stack.only("aws_api_gateway_rest_api");
    const items = stack.at("aws_api_gateway_resource", "api/items");
    const item = stack.at("aws_api_gateway_resource", "api/items-id");

    expect(stack.resources("aws_api_gateway_resource")).toHaveLength(2);
    expect(items.attributes).toEqual({
      rest_api_id: api.ref("id"),
      parent_id: api.ref("root_resource_id"),
      path_part: "items",
    });
    expect(item.attributes).toEqual({
      rest_api_id: api.ref("id"),
      parent_id: items.ref("id"),
      path_part: "{id}",
    });
  });

  it.each([
    { id: "post-items", httpMethod: "POST", resource: "items", parameters: {} },
    {
      id: "get-items-id",
      httpMethod: "GET",
      resource: "items-id",
      parameters: { "method.request.path.id": true },
    },
  ])("wants a signed request for $id", ({ id, httpMethod, resource, parameters }) => {
    const stack = restApi();

    const method = stack.at("aws_api_gateway_method", `api/${id}`);

    expect(method.attributes).toEqual({
      rest_api_id: stack.only("aws_api_gateway_rest_api").ref("id"),
      resource_id: stack.at("aws_api_gateway_resource", `api/${resource}`).ref("id"),
      http_method: httpMethod,
      authorization: "AWS_IAM",
      request_parameters: parameters,
    });
  });

  it.each(["post-items", "get-items-id"])("passes %s on to the function's alias by POST", (id) => {
    const stack = restApi();

    const integration = stack.at("aws_api_gateway_integration", `api/${id}-integration`);
    const method = stack.at("aws_api_gateway_method", `api/${id}`);

    expect(integration.attributes).toEqual({
      rest_api_id: method.attributes.rest_api_id,
      resource_id: method.attributes.resource_id,
      http_method: method.ref("http_method"),
      type: "AWS_PROXY",
      integration_http_method: "POST",
      uri: stack.only("aws_lambda_alias").ref("invoke_arn"),
    });
  });

  it.each([
    { id: "invoke-post-items", path: "POST/items" },
    { id: "invoke-get-items-id", path: "GET/items/*" },
  ])("is let in by $id for that method of that stage alone", ({ id, path }) => {
    const stack = restApi();

    const permission = stack.at("aws_lambda_permission", `worker/${id}`);

    expect(permission.attributes).toMatchObject({
      qualifier: stack.only("aws_lambda_alias").ref("name"),
      source_arn: `${stack.only("aws_api_gateway_rest_api").ref("execution_arn")}/test/${path}`,
    });
    expect(stack.resources("aws_lambda_permission")).toHaveLength(2);
  });

  it("has one stage, named after the environment", () => {
    const stack = restApi();

    const stage = stack.only("aws_api_gateway_stage");

    expect(stage.attributes).toMatchObject({
      rest_api_id: stack.only("aws_api_gateway_rest_api").ref("id"),
      deployment_id: stack.only("aws_api_gateway_deployment").ref("id"),
      stage_name: "test",
    });
  });

  it("logs each request as one line of JSON, with the id that a caller cannot choose", () => {
    const stack = restApi();

    const logGroup = stack.at("aws_cloudwatch_log_group", "api/access-log");
    const stage = stack.only("aws_api_gateway_stage");

    const [settings] = [stage.attributes.access_log_settings].flat();
    const { destination_arn: destination, format } = settings as Record<string, string>;
    expect(destination).toBe(logGroup.ref("arn"));
    expect(logGroup.attributes.name).toBe("/aws/vendedlogs/apigateway/shop-api-test");
    expect(logGroup.attributes.retention_in_days).toBe(14);
    expect(format).not.toContain("\n");
    expect(JSON.parse(format ?? "")).toMatchObject({
      requestId: "$context.requestId",
      extendedRequestId: "$context.extendedRequestId",
    });
  });

  it("says where its stage answers", () => {
    const stack = synthesizeStack((testStack) => {
      const api = addApi(testStack);
      new TerraformOutput(testStack, "url", { value: api.url });
    });

    const url = stack.section("output", "url");

    expect(url.value).toBe(stack.only("aws_api_gateway_stage").ref("invoke_url"));
  });

  it("has the function behind the root's route answer there", () => {
    const stack = synthesizeStack((testStack) => {
      const routes = { "GET /": serviceFunction(testStack) };
      new RestApi(testStack, "api", { name: "api", description: "Root", logRetentionDays: 14, routes });
    });

    const api = stack.only("aws_api_gateway_rest_api");

    expect(stack.resources("aws_api_gateway_resource")).toEqual([]);
    expect(stack.only("aws_api_gateway_method").attributes.resource_id).toBe(api.ref("root_resource_id"));
    expect(stack.only("aws_lambda_permission").attributes.source_arn).toBe(
      `${api.ref("execution_arn")}/test/GET/`,
    );
  });
});

describe("RestApi's deployment", () => {
  it("is made after everything that it snapshots, and before the old one goes", () => {
    const stack = restApi();

    const deployment = stack.only("aws_api_gateway_deployment");

    const snapshotted = snapshottedTypes
      .flatMap((type) => stack.resources(type))
      .map(({ address }) => address);
    expect(snapshotted).toHaveLength(7);
    expect(new Set(deployment.attributes.depends_on as string[])).toEqual(new Set(snapshotted));
    expect(deployment.attributes.lifecycle).toEqual({ create_before_destroy: true });
  });

  it("knows of every part that API Gateway has, but for what no snapshot holds", () => {
    const stack = restApi();

    const types = new Set(
      stack.blocks.map(({ type }) => type).filter((type) => type.startsWith("aws_api_gateway_")),
    );

    expect(types).toEqual(
      new Set([...snapshottedTypes, "aws_api_gateway_deployment", "aws_api_gateway_stage"]),
    );
  });

  it.each(snapshottedParts)("is made anew when any attribute of $path changes", ({ path, type }) => {
    const attributes = attributesOf(type);
    const triggers: string[] = [];

    synthesizeStack((stack) => {
      addApi(stack);
      triggers.push(triggerInside(stack));
      for (const attribute of attributes) {
        partOf(stack, path).addOverride(attribute, "another");
        triggers.push(triggerInside(stack));
      }
    });

    const unnoticed = attributes.filter(
      (_, change) => triggers.indexOf(triggers[change + 1] ?? "") <= change,
    );
    expect(attributes).toContain(path === "api/api" ? "name" : "rest_api_id");
    expect(unnoticed).toEqual([]);
  });

  it("is made anew when a route is added", () => {
    const before = restApi();

    const after = synthesizeStack((stack) => {
      const worker = serviceFunction(stack);
      const routes = { "POST /items": worker, "GET /items/{id}": worker, "GET /items": worker } as const;
      new RestApi(stack, "api", { name: "api", description: "Items", logRetentionDays: 14, routes });
    });

    expect(triggerOf(after)).not.toBe(triggerOf(before));
  });

  it.each([
    { path: "api/stage", attribute: "xray_tracing_enabled", value: true },
    { path: "api/stage", attribute: "variables", value: { name: "value" } },
    { path: "api/stage", attribute: "tags", value: { Team: "another" } },
    { path: "api/api", attribute: "tags", value: { Team: "another" } },
    {
      path: "api/api",
      attribute: "lifecycle",
      value: { create_before_destroy: true, ignore_changes: ["tags"] },
    },
    { path: "api/post-items", attribute: "depends_on", value: ["aws_sqs_queue.dead-letter-queue"] },
    { path: "api/deployment", attribute: "description", value: "another" },
    { path: "worker/function", attribute: "memory_size", value: 512 },
    { path: "aws", attribute: "default_tags", value: [{ tags: { Team: "another" } }] },
  ])("stays when $path gets another $attribute", ({ path, attribute, value }) => {
    const before = restApi();

    const after = restApiWith(path, attribute, value);

    expect(after.text).not.toBe(before.text);
    expect(triggerOf(after)).toBe(triggerOf(before));
  });

  it("stays when the function's code changes", () => {
    const before = restApi({ bundle: fakeBundle("exports.handler = 1;") });

    const after = restApi({ bundle: fakeBundle("exports.handler = 2;") });

    expect(after.text).not.toBe(before.text);
    expect(triggerOf(after)).toBe(triggerOf(before));
  });
});

/** Every attribute that the provider lets one set: cdktf gives each of them an input. */
function attributesOf({ prototype }: { readonly prototype: object }): string[] {
  const inputs = Object.getOwnPropertyNames(prototype).filter((name) => name.endsWith("Input"));
  const attributes = inputs.map((name) =>
    name.replace(/Input$/, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
  return attributes.filter((attribute) => !["id", "tags", "tags_all"].includes(attribute));
}
