import { AccountStack } from "../../stacks/account-stack";
import { stateBackend } from "../../stacks/environments";
import { synthesizeApp } from "../support/synthesize";
import type { SynthesizedStack } from "../support/synthesized-stack";

const accountStack = (): SynthesizedStack => {
  const [stack] = synthesizeApp((app) => {
    new AccountStack(app, "account-stack");
  });
  if (!stack) throw new Error("the app has no stack");
  return stack;
};

describe("AccountStack", () => {
  it("gives API Gateway a role by which it may write logs, once its permissions are there", () => {
    const stack = accountStack();

    const account = stack.only("aws_api_gateway_account");
    const role = stack.only("aws_iam_role");
    const permissions = stack.only("aws_iam_role_policy_attachment");

    expect(account.attributes.cloudwatch_role_arn).toBe(role.ref("arn"));
    expect(account.attributes.depends_on).toEqual([permissions.address]);
    expect(permissions.attributes.role).toBe(role.ref("name"));
    expect(role.parsed("assume_role_policy")).toMatchObject({
      Statement: [{ Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
  });

  it("keeps its own state in the state bucket, under a key of its own", () => {
    const { key, bucket } = accountStack().section("terraform", "backend", "s3");

    expect({ key, bucket }).toEqual({ key: "account-stack/terraform.tfstate", bucket: stateBackend.bucket });
  });
});
