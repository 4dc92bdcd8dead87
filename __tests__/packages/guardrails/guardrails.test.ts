import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, Aspects, TerraformResource, TerraformStack, Testing } from "cdktf";
import { GuardrailError } from "../../../packages/guardrails/guardrail-error";
import { Guardrails } from "../../../packages/guardrails/guardrails";
import { type Environment, environments } from "../../../stacks/environments";
import { ServiceStack } from "../../../stacks/service-stack";
import { accountStack } from "../../support/account-stack";
import { fakeBundler } from "../../support/fake-bundler";
import { synthesizeApp } from "../../support/synthesize";

const [dev, , prod] = environments;
const userPool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_example";

const everySwitch: Environment = {
  ...prod,
  name: "p".repeat(20),
  webAcl: true,
  allowedOrigin: "https://app.example.com",
  trustedAccountIds: ["123456789012"],
  domain: {
    name: "api.example.com",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/example",
    hostedZoneId: "Z123",
  },
  alarmEmails: ["ops@example.com"],
  budget: { monthlyUsd: 50, email: "ops@example.com" },
};

/** Synthesizes dev with a change that breaks it. */
function broken(breakIt: (stack: TerraformStack) => void): () => void {
  return () => {
    synthesizeApp((app) =>
      breakIt(new ServiceStack(app, "dev-stack", { environment: dev, bundler: fakeBundler })),
    );
  };
}

/** A resource at a path in a stack, to break through an escape hatch. */
function resourceAt(stack: TerraformStack, path: string): TerraformResource {
  const found = stack.node.findAll().find(({ node }) => node.path === `${stack.node.path}/${path}`);
  if (found && TerraformResource.isTerraformResource(found)) return found;
  throw new Error(`the stack has no resource at ${path}`);
}

/** A stack that has nothing to do with the service. */
function otherStack(app: App): TerraformStack {
  const stack = new TerraformStack(app, "other");
  new AwsProvider(stack, "aws", { defaultTags: [{ tags: { Environment: "test", Owner: "team" } }] });
  return stack;
}

describe("Guardrails", () => {
  it.each<[string, Partial<Environment>]>([
    ["signed requests", {}],
    ["user pools", { authorization: { type: "COGNITO_USER_POOLS", userPoolArns: [userPool] } }],
    ["no authorization", { authorization: { type: "NONE", reason: "A public catalogue" } }],
    ["AWS-owned keys", { customerKey: false, deletionProtection: false }],
  ])("accepts a preview with the longest name and every switch on, with %s", (_, changes) => {
    const environment = { ...everySwitch, ...changes };

    const stacks = synthesizeApp((app) => {
      new ServiceStack(app, `${environment.name}-stack`, { environment, bundler: fakeBundler });
    });

    expect(stacks).toHaveLength(1);
  });

  it("accepts an account with a pipeline", () => {
    const pipelineAccess = { issuer: "token.actions.githubusercontent.com", subject: "repo:acme/shop:*" };

    expect(accountStack({ pipelineAccess }).name).toBe("account-stack");
  });

  it("fails a synth with one list: rule, path, what was found, why it matters and how to fix it", () => {
    const synth = broken((stack) => {
      resourceAt(stack, "api-function/function").addOverride("handler", "index.main");
      resourceAt(stack, "items-table/table").addOverride("hash_key", "key");
    });

    expect(synth).toThrow(
      [
        "dev-stack breaks 4 guardrails:",
        "",
        "1. dynamodb-keys-defined at dev-stack/items-table/table",
        "   found: key key has no attribute definition; attribute id is not used by any key",
      ].join("\n"),
    );
    expect(synth).toThrow(
      /lambda-handler-in-package at dev-stack\/api-function\/function\n {3}found: handler is index.main, but index.js exports handler\n {3}why: {3}\S.*\n {3}fix: {3}\S/,
    );
  });

  it("throws an error for users, without a stack trace", () => {
    const synth = broken((stack) => resourceAt(stack, "items-table/table").addOverride("hash_key", "key"));

    let thrown: unknown;
    try {
      synth();
    } catch (error) {
      thrown = error;
    }

    expect(thrown).toBeInstanceOf(GuardrailError);
    expect(thrown).toMatchObject({ forUser: true });
    expect((thrown as Error).stack).not.toMatch(/^\s+at /m);
  });

  it("sees the changes of an aspect that is added later, and overrides of the stack", () => {
    const byAspect = broken((stack) => {
      Aspects.of(stack).add({
        visit: (node) => {
          if (
            node.node.path === "dev-stack/api-function/function" &&
            TerraformResource.isTerraformResource(node)
          ) {
            node.addOverride("reserved_concurrent_executions", 0);
          }
        },
      });
    });
    const byStack = broken((stack) => {
      const { friendlyUniqueId } = resourceAt(stack, "items-table/table");
      stack.addOverride(`resource.aws_dynamodb_table.${friendlyUniqueId}.hash_key`, "key");
    });

    expect(byAspect).toThrow("lambda-reserved-concurrency");
    expect(byStack).toThrow("dynamodb-keys-defined");
  });

  it.each([
    ["Testing.synth", (stack: TerraformStack) => Testing.synth(stack)],
    ["Testing.fullSynth", (stack: TerraformStack) => Testing.fullSynth(stack)],
    ["Testing.synthHcl", (stack: TerraformStack) => Testing.synthHcl(stack)],
    ["a synth without validations", (stack: TerraformStack) => App.of(stack).synth()],
  ])("runs in %s", (_, synth) => {
    const stack = otherStack(new App({ outdir: Testing.app().outdir, skipValidation: true }));
    Guardrails.apply(stack);
    new DynamodbTable(stack, "table", { name: "table", hashKey: "id", attribute: [] });

    expect(() => synth(stack)).toThrow("dynamodb-keys-defined at other/table");
  });

  it("accepts a suppression with a reason", () => {
    const stack = otherStack(Testing.app());
    const suppressed = [
      "dynamodb-point-in-time-recovery",
      "dynamodb-deletion-protection",
      "dynamodb-capacity",
      "dynamodb-scales",
    ];
    Guardrails.apply(stack, {
      suppressions: suppressed.map((rule) => ({ rule, resource: "other/table", reason: "A cache" })),
    });
    new DynamodbTable(stack, "table", {
      name: "table",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
    });

    expect(() => Testing.synth(stack)).not.toThrow();
  });

  it.each([
    ["without a reason", { rule: "lambda-tracing", resource: "other/fn", reason: " " }, "has no reason"],
    [
      "that suppresses nothing",
      { rule: "lambda-tracing", resource: "other/missing", reason: "x" },
      "suppresses nothing",
    ],
    [
      "of an unknown rule",
      { rule: "lambda-traicing", resource: "other/fn", reason: "x" },
      "is for an unknown rule",
    ],
  ])("fails on a suppression %s", (_, suppression, problem) => {
    const stack = otherStack(Testing.app());
    Guardrails.apply(stack, { suppressions: [suppression] });
    new LambdaFunction(stack, "fn", { functionName: "fn", role: "arn:aws:iam::123456789012:role/fn" });

    expect(() => Testing.synth(stack)).toThrow(problem);
  });
});
