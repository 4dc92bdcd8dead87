import { TerraformElement, TerraformResource, type TerraformStack, Testing } from "cdktf";
import { RestApi, type RestApiProps } from "../../constructs/rest-api";
import { fakeBundle } from "../support/fake-bundler";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";
import type { SynthesizedStack } from "../support/synthesized-stack";

/** Adds an API with every kind of resource that a deployment can snapshot. */
const addApi = (
  stack: TerraformStack,
  changes: Partial<RestApiProps> = {},
  worker = serviceFunction(stack),
) =>
  new RestApi(stack, "api", {
    name: "api",
    description: "Items",
    routes: {
      "POST /items": { function: worker, requestModel: { type: "object" } },
      "GET /items/{id}": {
        function: worker,
        requestParameters: { "method.request.querystring.limit": true },
      },
    },
    authorization: {
      type: "COGNITO_USER_POOLS",
      userPoolArns: ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a"],
      scopes: ["items/read"],
    },
    throttle: { requestsPerSecond: 100, burst: 200 },
    allowedOrigin: "https://app.example.com",
    trustedAccountIds: ["111122223333"],
    logRetentionDays: 14,
    ...changes,
  });

const restApi = (changes: Partial<RestApiProps> = {}) =>
  synthesizeStack((stack) => {
    addApi(stack, changes);
  });

/** The API with one attribute of one of its resources overridden, as an escape hatch or an aspect would. */
const restApiWith = (path: string, attribute: string, value: unknown) =>
  synthesizeStack((stack) => {
    addApi(stack);
    partOf(stack, path).addOverride(attribute, value);
  });

const partOf = (stack: TerraformStack, path: string): TerraformElement => {
  const part = stack.node.findAll().find(({ node }) => node.path === `test-stack/${path}`);
  if (part && TerraformElement.isTerraformElement(part)) return part;
  throw new Error(`the stack has no ${path}`);
};

const triggerOf = (stack: SynthesizedStack) => {
  const { triggers } = stack.only("aws_api_gateway_deployment").attributes;
  return JSON.stringify(triggers);
};

/** The trigger at this point, without writing the stack. */
const triggerInside = (stack: TerraformStack) => {
  const [deployment] = Object.values(JSON.parse(Testing.synth(stack)).resource.aws_api_gateway_deployment);
  return JSON.stringify((deployment as { triggers: object }).triggers);
};

/** Types that are not part of a deployment. */
const notSnapshotted = [
  "aws_api_gateway_deployment",
  "aws_api_gateway_stage",
  "aws_api_gateway_method_settings",
] as const;

const snapshotted = (() => {
  const parts: { readonly path: string; readonly type: string; readonly attributes: readonly string[] }[] =
    [];
  synthesizeStack((stack) => {
    addApi(stack);
    for (const part of stack.node.findAll().filter(TerraformResource.isTerraformResource)) {
      const type = part.terraformResourceType;
      if (!type.startsWith("aws_api_gateway_") || notSnapshotted.some((other) => other === type)) continue;
      parts.push({ path: part.node.path.replace("test-stack/", ""), type, attributes: attributesOf(part) });
    }
  });
  return parts;
})();

/** One resource per type, because resources of the same type have the same attributes. */
const onePartOfEachType = snapshotted.filter(
  ({ type }, index) => snapshotted.findIndex((other) => other.type === type) === index,
);

describe("DeploymentSnapshot", () => {
  it("has its deployment created after every resource in it, and before the old deployment is deleted", () => {
    const stack = restApi();

    const deployment = stack.only("aws_api_gateway_deployment");

    const parts = snapshotted.map(({ path }) =>
      stack.blocks.find((block) => block.path.endsWith(`/${path}`)),
    );
    expect(new Set(deployment.attributes.depends_on as string[])).toEqual(
      new Set(parts.map((part) => part?.address)),
    );
    expect(deployment.attributes.lifecycle).toEqual({ create_before_destroy: true });
  });

  it("is tested with every type of resource that a deployment snapshots", () => {
    expect(onePartOfEachType.map(({ type }) => type).sort()).toEqual([
      "aws_api_gateway_authorizer",
      "aws_api_gateway_gateway_response",
      "aws_api_gateway_integration",
      "aws_api_gateway_integration_response",
      "aws_api_gateway_method",
      "aws_api_gateway_method_response",
      "aws_api_gateway_model",
      "aws_api_gateway_request_validator",
      "aws_api_gateway_resource",
      "aws_api_gateway_rest_api",
      "aws_api_gateway_rest_api_policy",
    ]);
  });

  it.each(onePartOfEachType)(
    "triggers a new deployment when any attribute of $type changes",
    ({ path, attributes }) => {
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
    },
  );

  it("triggers a new deployment when any of its resources changes", () => {
    const triggers: string[] = [];

    synthesizeStack((stack) => {
      addApi(stack);
      triggers.push(triggerInside(stack));
      for (const { path } of snapshotted) {
        partOf(stack, path).addOverride("another", "attribute");
        triggers.push(triggerInside(stack));
      }
    });

    expect(new Set(triggers).size).toBe(snapshotted.length + 1);
  });

  it.each<[string, Partial<RestApiProps>]>([
    ["authorization", { authorization: { type: "AWS_IAM" } }],
    ["allowed origin", { allowedOrigin: "https://other.example.com" }],
    ["trusted accounts", { trustedAccountIds: [] }],
  ])("triggers a new deployment when the %s changes", (_, changes) => {
    expect(triggerOf(restApi(changes))).not.toBe(triggerOf(restApi()));
  });

  it("triggers a new deployment when the routes change", () => {
    const after = synthesizeStack((stack) => {
      const worker = serviceFunction(stack);
      addApi(stack, { routes: { "GET /items": { function: worker } } }, worker);
    });

    expect(triggerOf(after)).not.toBe(triggerOf(restApi()));
  });

  it.each([
    { path: "api/stage/stage", attribute: "xray_tracing_enabled", value: false },
    { path: "api/stage/stage", attribute: "variables", value: { name: "value" } },
    { path: "api/stage/stage", attribute: "tags", value: { Team: "another" } },
    { path: "api/stage/method-settings", attribute: "settings.metrics_enabled", value: false },
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
  ])("triggers none when $attribute of $path changes", ({ path, attribute, value }) => {
    const before = restApi();

    const after = restApiWith(path, attribute, value);

    expect(after.text).not.toBe(before.text);
    expect(triggerOf(after)).toBe(triggerOf(before));
  });

  it("follows values that only Terraform knows, listing each once", () => {
    const stack = restApi();

    const { triggers } = stack.only("aws_api_gateway_deployment").attributes;

    const { references = "" } = triggers as { references?: string };
    const [, list = ""] = /^\$\{sha256\(jsonencode\(\[(.*)\]\)\)\}$/.exec(references) ?? [];
    expect(list.split(", ")).toContain(stack.only("aws_lambda_alias").ref("invoke_arn").slice(2, -1));
    expect(new Set(list.split(", ")).size).toBe(list.split(", ").length);
  });

  it("triggers none when throttle or log retention changes", () => {
    const after = restApi({ throttle: { requestsPerSecond: 1, burst: 1 }, logRetentionDays: 30 });

    expect(triggerOf(after)).toBe(triggerOf(restApi()));
  });

  it("triggers none when the function's code changes", () => {
    const withCode = (code: string) =>
      synthesizeStack((stack) => {
        addApi(stack, {}, serviceFunction(stack, { bundle: fakeBundle(code) }));
      });

    const before = withCode("exports.handler = 1;");
    const after = withCode("exports.handler = 2;");

    expect(after.text).not.toBe(before.text);
    expect(triggerOf(after)).toBe(triggerOf(before));
  });
});

/** Every attribute that can be set: cdktf has an input for each of them. */
function attributesOf(part: object): string[] {
  const inputs = Object.getOwnPropertyNames(Object.getPrototypeOf(part)).filter((name) =>
    name.endsWith("Input"),
  );
  const attributes = inputs.map((name) =>
    name.replace(/Input$/, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
  return attributes.filter((attribute) => !["id", "tags", "tags_all"].includes(attribute));
}
