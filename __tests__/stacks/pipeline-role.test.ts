import { planReads } from "../../constructs/plan-reads";
import { resourceCovers } from "../../packages/iam/coverage";
import { environments } from "../../stacks/environments";
import { accountStack } from "../support/account-stack";
import { everySwitch } from "../support/every-switch";
import { readsByType } from "../support/reads-by-type";
import { sensitiveMembers, withoutSdk } from "../support/sensitive-members";
import { serviceStacks } from "../support/service-stacks";
import { testNaming } from "../support/synthesize";

const pipelineAccess = { issuer: "token.actions.githubusercontent.com", subject: "repo:acme/shop:*" };

const statements = planReads({
  naming: testNaming,
  stateBucketArn: "arn:aws:s3:::state",
  hostedZoneIds: ["Z1"],
});
const granted = statements.flatMap(({ Action }) => [Action].flat());
const onEverything = statements
  .filter(({ Resource, Condition }) => [Resource].flat().includes("*") && !Condition)
  .flatMap(({ Action }) => [Action].flat());

function resourcesOf(action: string): readonly string[] {
  return statements
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource = "" }) => Resource);
}

/** Every type in every stack, with API Gateway's types as one. */
const types = new Set(
  [accountStack({ pipelineAccess }), ...serviceStacks([...environments, ...everySwitch])].flatMap((stack) =>
    stack.blocks
      .filter(({ mode }) => mode === "resource")
      .map(({ type }) => type.replace(/^aws_api_gateway_.*/, "aws_api_gateway_")),
  ),
);

describe("the pipeline's role", () => {
  it("can read every type of resource in every stack, and nothing that no plan reads", () => {
    expect([...types].sort()).toEqual(Object.keys(readsByType).sort());
    expect([...new Set(granted)].sort()).toEqual([...new Set(Object.values(readsByType).flat())].sort());
  });

  it("can call nothing on every resource whose response AWS's service models mark as sensitive", () => {
    const modelled = onEverything.filter((action) => !withoutSdk.includes(action.split(":")[0] ?? ""));

    expect(modelled.length).toBeGreaterThan(30);
    expect(modelled.flatMap(sensitiveMembers)).toEqual([]);
    // What the models do mark, so that the line above can fail.
    expect(sensitiveMembers("lambda:ListVersionsByFunction")).toContain(
      "ListVersionsByFunction.Versions.Environment.Variables",
    );
    expect(sensitiveMembers("ssm:GetParameter")).toContain("GetParameter.Parameter.Value");
  });

  /** The models mark neither the keys of objects, nor the records of a zone, nor what API Gateway has. */
  it("can call nothing of S3, Route 53 and API Gateway on every resource", () => {
    expect(onEverything.filter((action) => /^(s3|route53|apigateway):/.test(action))).toEqual([]);
  });

  it.each([
    ["s3:GetObject", /^arn:aws:s3:::(state\/\*\/terraform\.tfstate\*|acme-shop-artifacts-\*\/\*)$/],
    ["s3:GetObjectTagging", /^arn:aws:s3:::acme-shop-artifacts-\*\/\*$/],
    ["s3:ListBucket", /^arn:aws:s3:::(state|acme-shop-\*)$/],
    ["lambda:GetFunction", /^arn:aws:lambda:\*:\*:function:shop-\*$/],
    ["lambda:ListVersionsByFunction", /^arn:aws:lambda:\*:\*:function:shop-\*$/],
    ["firehose:DescribeDeliveryStream", /^arn:aws:firehose:\*:\*:deliverystream\/shop-\*$/],
    ["ssm:GetParameter", /^arn:aws:ssm:\*:\*:parameter\/shop\/\*$/],
    ["route53:ListResourceRecordSets", /^arn:aws:route53:::hostedzone\/Z1$/],
  ])("can call %s on the application's own resources only", (action, own) => {
    const resources = resourcesOf(action);

    expect(resources.length).toBeGreaterThan(0);
    expect(resources.filter((resource) => !own.test(resource))).toEqual([]);
  });

  it.each(["apikeys", "apikeys/a", "usageplans", "usageplans/a/keys", "clientcertificates/a", "vpclinks/a"])(
    "cannot read API Gateway's /%s",
    (path) => {
      const resource = `arn:aws:apigateway:eu-west-1::/${path}`;

      expect(resourcesOf("apigateway:GET").some((pattern) => resourceCovers(pattern, resource))).toBe(false);
    },
  );

  it("can read no zone if no domain has one", () => {
    const without = planReads({
      naming: testNaming,
      stateBucketArn: "arn:aws:s3:::state",
      hostedZoneIds: [],
    });

    expect(JSON.stringify(without)).not.toContain("route53");
  });

  it("can decrypt variables through Lambda, for the application's functions only", () => {
    expect(statements.find(({ Action }) => Action === "kms:Decrypt")?.Condition).toEqual({
      StringLike: {
        "kms:ViaService": "lambda.*.amazonaws.com",
        "kms:EncryptionContext:aws:lambda:FunctionArn": "arn:aws:lambda:*:*:function:shop-*",
      },
    });
  });

  it("has policies within IAM's limit of 10,240 characters", () => {
    const policies = accountStack({ pipelineAccess })
      .resources("aws_iam_role_policy")
      .map((block) => block.text("policy").length);

    expect(policies.reduce((sum, length) => sum + length, 0)).toBeLessThan(10_240);
  });
});
