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

/** One environment with what a test breaks by hand. */
function broken(breakIt: (stack: TerraformStack) => void): () => void {
  return () => {
    synthesizeApp((app) =>
      breakIt(new ServiceStack(app, "dev-stack", { environment: dev, bundler: fakeBundler })),
    );
  };
}

/** A resource somewhere in a stack, to break by an escape hatch. */
function resourceAt(stack: TerraformStack, path: string): TerraformResource {
  const found = stack.node.findAll().find(({ node }) => node.path === `${stack.node.path}/${path}`);
  if (found && TerraformResource.isTerraformResource(found)) return found;
  throw new Error(`there is no resource at ${path}`);
}

/** Somebody else's stack, which has nothing of this project's. */
function stranger(app: App): TerraformStack {
  const stack = new TerraformStack(app, "stranger");
  new AwsProvider(stack, "aws", { defaultTags: [{ tags: { Environment: "test", Owner: "team" } }] });
  return stack;
}

describe("Guardrails", () => {
  it.each<[string, Partial<Environment>]>([
    ["signed requests", {}],
    ["user pools", { authorization: { type: "COGNITO_USER_POOLS", userPoolArns: [userPool] } }],
    ["nobody's leave", { authorization: { type: "NONE", reason: "A public catalogue" } }],
    ["AWS's own keys", { customerKey: false, deletionProtection: false }],
  ])("is silent on a preview with the longest name and every switch on, by %s", (_, changes) => {
    const environment = { ...everySwitch, ...changes };

    const stacks = synthesizeApp((app) => {
      new ServiceStack(app, `${environment.name}-stack`, { environment, bundler: fakeBundler });
    });

    expect(stacks).toHaveLength(1);
  });

  it("is silent on an account with a pipeline", () => {
    const pipelineAccess = { issuer: "token.actions.githubusercontent.com", subject: "repo:acme/shop:*" };

    expect(accountStack({ pipelineAccess }).name).toBe("account-stack");
  });

  it("fails a synth with one list: rule, path, what was found, why, and how to fix it", () => {
    const synth = broken((stack) => {
      resourceAt(stack, "api-function/function").addOverride("handler", "index.main");
      resourceAt(stack, "items-table/table").addOverride("hash_key", "key");
    });

    expect(synth).toThrow(
      [
        "dev-stack breaks 2 guardrails:",
        "",
        "1. dynamodb-keys-defined at dev-stack/items-table/table",
        "   found: key key has no attribute definition; attribute id is in no key",
      ].join("\n"),
    );
    expect(synth).toThrow(
      /lambda-handler-in-package at dev-stack\/api-function\/function\n {3}found: handler is index.main, and index.js exports handler\n {3}why: {3}\S.*\n {3}fix: {3}\S/,
    );
  });

  it("has a message for users instead of a stack trace", () => {
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

  it("sees what an aspect that was added later changes, and an override of the stack", () => {
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
    const stack = stranger(new App({ outdir: Testing.app().outdir, skipValidation: true }));
    Guardrails.apply(stack);
    new DynamodbTable(stack, "table", { name: "table", hashKey: "id", attribute: [] });

    expect(() => synth(stack)).toThrow("dynamodb-keys-defined at stranger/table");
  });

  it("lets a resource break a rule for a reason", () => {
    const stack = stranger(Testing.app());
    const suppressed = [
      "dynamodb-point-in-time-recovery",
      "dynamodb-deletion-protection",
      "dynamodb-capacity",
      "dynamodb-scales",
    ];
    Guardrails.apply(stack, {
      suppressions: suppressed.map((rule) => ({ rule, resource: "stranger/table", reason: "holds a cache" })),
    });
    new DynamodbTable(stack, "table", {
      name: "table",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
    });

    expect(() => Testing.synth(stack)).not.toThrow();
  });

  it.each([
    ["without a reason", { rule: "lambda-tracing", resource: "stranger/fn", reason: " " }, "has no reason"],
    [
      "that suppresses nothing",
      { rule: "lambda-tracing", resource: "stranger/other", reason: "x" },
      "suppresses nothing",
    ],
    ["of no rule", { rule: "lambda-traicing", resource: "stranger/fn", reason: "x" }, "names no rule"],
  ])("fails on a suppression %s", (_, suppression, problem) => {
    const stack = stranger(Testing.app());
    Guardrails.apply(stack, { suppressions: [suppression] });
    new LambdaFunction(stack, "fn", { functionName: "fn", role: "arn:aws:iam::123456789012:role/fn" });

    expect(() => Testing.synth(stack)).toThrow(problem);
  });
});
