import { environments } from "../../stacks/environments";
import { accountStack } from "../support/account-stack";
import { serviceStacks } from "../support/service-stacks";

const { stateBackend } = environments[0].account;

describe("AccountStack", () => {
  it("has the state bucket: versioned, encrypted, private, TLS only, and never destroyed", () => {
    const stack = accountStack();

    expect(stack.only("aws_s3_bucket").attributes).toEqual({
      bucket: stateBackend.bucket,
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(stack.only("aws_s3_bucket_versioning").attributes.versioning_configuration).toEqual({
      status: "Enabled",
    });
    expect(stack.only("aws_s3_bucket_server_side_encryption_configuration").attributes.rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
    expect(stack.only("aws_s3_bucket_public_access_block").attributes).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(stack.only("aws_s3_bucket_policy").parsed("policy")).toMatchObject({
      Statement: [{ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
    });
  });

  it("gives API Gateway a role for writing logs, after its permissions are in place", () => {
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

  it.each([
    ["the bucket's Region alone", ["eu-west-1"], [["eu-west-1", undefined]]],
    [
      "another Region as well",
      ["eu-west-1", "us-east-1"],
      [
        ["eu-west-1", undefined],
        ["us-east-1", "us-east-1"],
      ],
    ],
    ["another Region only", ["eu-central-1"], [["eu-central-1", "eu-central-1"]]],
    [
      "three Regions",
      ["eu-west-1", "ap-south-1", "us-west-2"],
      [
        ["eu-west-1", undefined],
        ["ap-south-1", "ap-south-1"],
        ["us-west-2", "us-west-2"],
      ],
    ],
  ])("sets that role in each Region that has environments: %s", (_, regions, expected) => {
    const own = regions.map((region) => ({ ...environments[0], region }));
    const stack = accountStack({ id: "111122223333" }, own);

    const providers = stack.section("provider").aws as readonly {
      readonly alias?: string;
      readonly region: string;
    }[];
    const settings = stack.resources("aws_api_gateway_account").map(({ attributes: { provider } }) => {
      const alias = provider === undefined ? undefined : `${provider}`.replace(/^aws\./, "");
      return [providers.find((one) => one.alias === alias)?.region, alias];
    });

    expect(settings).toEqual(expected);
    expect(providers.map(({ region }) => region)).toEqual([...new Set(["eu-west-1", ...regions])]);
    for (const provider of providers) {
      expect(provider).toMatchObject({
        allowed_account_ids: ["111122223333"],
        default_tags: [{ tags: { Environment: "account" } }],
      });
    }
  });

  it("is the only stack with an API Gateway account resource", () => {
    const others = serviceStacks().flatMap((stack) => stack.resources("aws_api_gateway_account"));

    expect(others).toEqual([]);
    expect(serviceStacks()).toHaveLength(environments.length);
  });

  it("keeps its own state in that bucket, under its own key, and imports nothing", () => {
    const stack = accountStack();

    const { key, bucket } = stack.section("terraform", "backend", "s3");

    expect({ key, bucket }).toEqual({ key: "account-stack/terraform.tfstate", bucket: stateBackend.bucket });
    expect(stack.json).not.toHaveProperty("import");
  });

  it("creates no pipeline role unless one is configured", () => {
    expect(accountStack().resources("aws_iam_openid_connect_provider")).toEqual([]);
  });

  it("lets the configured pipeline assume its role and lock the state", () => {
    const stack = accountStack({
      pipelineAccess: {
        issuer: "token.actions.githubusercontent.com",
        subject: "repo:example/serverless-app:*",
      },
    });

    const role = stack.at("aws_iam_role", "pipeline-role/role");

    expect(role.parsed("assume_role_policy")).toMatchObject({
      Statement: [
        {
          Principal: { Federated: stack.only("aws_iam_openid_connect_provider").ref("arn") },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
            StringLike: { "token.actions.githubusercontent.com:sub": "repo:example/serverless-app:*" },
          },
        },
      ],
    });
    expect(stack.at("aws_iam_role_policy", "locks").parsed("policy")).toMatchObject({
      Statement: [
        {
          Action: ["s3:PutObject", "s3:DeleteObject"],
          Resource: `${stack.only("aws_s3_bucket").ref("arn")}/*/terraform.tfstate.tflock`,
        },
      ],
    });
  });

  it("trusts the issuer's identity provider that the account has already, and creates no second one", () => {
    const stack = accountStack({
      pipelineAccess: {
        issuer: "token.actions.githubusercontent.com",
        subject: "repo:example/serverless-app:*",
        existingProvider: true,
      },
    });

    const trust = stack.at("aws_iam_role", "pipeline-role/role").text("assume_role_policy");

    expect(stack.resources("aws_iam_openid_connect_provider")).toEqual([]);
    expect(trust).toMatch(
      /"Federated":"arn:aws:iam::\$\{local\.\S+\}:oidc-provider\/token\.actions\.githubusercontent\.com"/,
    );
  });

  it.each(["*", "repo:*", "repo:e*", "repo:?/app:*", "repo:exam*ple/app:*", "repo:/app:*"])(
    "refuses a subject that others' pipelines could have: %s",
    (subject) => {
      const pipelineAccess = { issuer: "token.actions.githubusercontent.com", subject };

      expect(() => accountStack({ pipelineAccess })).toThrow(
        "account-stack/pipeline-role: subject must name the owner whose tokens are accepted in full",
      );
    },
  );

  it.each([
    "repo:example/*",
    "repo:example/app:pull_request",
    "project_path:group/app:*",
    "repository_id:12",
  ])("accepts a subject that one owner's pipelines have: %s", (subject) => {
    const pipelineAccess = { issuer: "token.actions.githubusercontent.com", subject };

    expect(() => accountStack({ pipelineAccess })).not.toThrow();
  });
});
