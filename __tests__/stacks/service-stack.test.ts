import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Testing } from "cdktf";
import type {} from "cdktf/lib/testing/adapters/jest";
import { esbuildBundler } from "../../constructs/bundle";
import { requiredProviders } from "../../packages/laptop/set-up/providers/required-providers";
import { application, environments } from "../../stacks/environments";
import { ServiceStack } from "../../stacks/service-stack";
import { engine } from "../support/engine";
import { fakeBundler } from "../support/fake-bundler";
import { physicalNames } from "../support/physical-names";
import { serviceStack, serviceStacks } from "../support/service-stacks";
import { synthesizeApp } from "../support/synthesize";

Testing.setupJest();

describe.each(environments)("the $name-stack", (environment) => {
  const { name } = environment;

  it("matches the last reviewed snapshot", () => {
    const stack = serviceStack(name);

    // Other tests cover the backend, which variables can change, and the providers, which the engine pins.
    const { backend: _, required_providers: __, ...terraform } = stack.section("terraform");
    expect({ ...stack.json, terraform }).toMatchSnapshot();
  });

  it("satisfies cdktf's own matchers", () => {
    let synthesized = "";

    synthesizeApp((app) => {
      const stack = new ServiceStack(app, `${name}-stack`, { environment, bundler: fakeBundler });
      synthesized = Testing.synth(stack, true);
    });

    expect(synthesized).toHaveResourceWithProperties(DynamodbTable, { name: `serverless-app-items-${name}` });
    expect(synthesized).toHaveResourceWithProperties(SqsQueue, { message_retention_seconds: 1_209_600 });
    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, { reserved_concurrent_executions: 100 });
    expect(synthesized).toHaveProviderWithProperties(AwsProvider, { region: environment.region });
    expect(synthesized).not.toHaveDataSource(DataAwsCallerIdentity);
  });

  it("keeps its state encrypted and locked in the configured bucket, under its own key", () => {
    const stack = serviceStack(name);

    const backends = stack.section("terraform", "backend");

    expect(backends).toEqual({
      s3: {
        bucket: environments[0].account.stateBackend.bucket,
        region: environments[0].account.stateBackend.region,
        key: `${name}-stack/terraform.tfstate`,
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it("pins its providers to the tested versions", () => {
    const stack = serviceStack(name);

    const providers = stack.section("terraform", "required_providers");

    expect(providers).toEqual(engine.requiredProviders);
  });

  it("configures only Region and tags of the AWS provider, and nothing that is specific to a laptop", () => {
    const stack = serviceStack(name);

    const providers = stack.section("provider");

    expect(providers).toEqual({
      aws: [
        {
          region: environment.region,
          default_tags: [
            {
              tags: {
                Application: application.name,
                Environment: name,
                ManagedBy: "cdktf",
                Owner: application.owner,
                Repository: application.repository,
              },
            },
          ],
        },
      ],
      archive: [{}],
    });
  });

  it("leaves endpoints and credential checks to environment variables", () => {
    const { text } = serviceStack(name);

    expect(text).not.toMatch(
      /"endpoints?"|"skip_\w+"|"s3_use_path_style"|"(access|secret)_key"|127\.0\.0\.1/,
    );
  });

  it("reads no data source that calls AWS", () => {
    const stack = serviceStack(name);

    const types = stack.blocks.filter(({ mode }) => mode === "data").map(({ type }) => type);

    expect(new Set(types)).toEqual(new Set(["archive_file"]));
  });

  it("ends every physical name with its environment's name", () => {
    const names = physicalNames(serviceStack(name));

    expect(names).not.toEqual([]);
    // In a path, such as the name of a parameter or an execution log, the environment is a separate segment.
    const suffix = new RegExp(`-${name}$|/${name}(/|$)`);
    expect(names.filter((physicalName) => !suffix.test(physicalName))).toEqual([]);
  });

  it("protects its table and buckets as its environment is configured", () => {
    const stack = serviceStack(name);

    const table = stack.only("aws_dynamodb_table");
    const buckets = stack.resources("aws_s3_bucket");

    expect(table.attributes.deletion_protection_enabled).toBe(environment.deletionProtection);
    expect(buckets.map(({ attributes }) => attributes.force_destroy)).toEqual(
      buckets.map(() => !environment.deletionProtection),
    );
  });

  it("gives the API function the variables it reads, and permission to read and write the table", () => {
    const stack = serviceStack(name);

    const lambda = stack.at("aws_lambda_function", "api-function/function");
    const table = stack.only("aws_dynamodb_table");

    expect(lambda.attributes.environment).toMatchObject({ variables: { TABLE_NAME: table.ref("name") } });
    expect(stack.at("aws_iam_role_policy", "api-function/role-policy").text("policy")).toContain(
      `"dynamodb:PutItem","dynamodb:Query"],"Resource":"${table.ref("arn")}"`,
    );
  });

  it("encrypts with its own key only if its environment is configured so", () => {
    const stack = serviceStack(name);

    const encrypted = stack.blocks.filter(({ attributes }) =>
      JSON.stringify(attributes).includes("aws_kms_key"),
    );

    expect(stack.resources("aws_kms_key")).toHaveLength(environment.customerKey ? 1 : 0);
    expect(new Set(encrypted.map(({ type }) => type))).toEqual(
      new Set(environment.customerKey ? encryptedTypes : []),
    );
  });

  it("requires Terraform 1.10, because older versions cannot lock its state", () => {
    expect(serviceStack(name).section("terraform").required_version).toBe(">= 1.10.0");
  });
});

/** The types that refer to the customer-managed key if there is one: what it encrypts, and who can use it. */
const encryptedTypes = [
  "aws_cloudwatch_log_group",
  "aws_dynamodb_table",
  "aws_iam_role_policy",
  "aws_kinesis_firehose_delivery_stream",
  "aws_kms_alias",
  "aws_kms_key_policy",
  "aws_lambda_function",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_sns_topic",
  "aws_sqs_queue",
];

describe("ServiceStack", () => {
  it("can be deployed only to the account that its environment names", () => {
    const account = { ...environments[0].account, id: "111122223333" };
    const [stack] = serviceStacks([{ ...environments[0], account }]);

    expect(stack?.section("provider").aws).toMatchObject([{ allowed_account_ids: ["111122223333"] }]);
  });

  it("has a web ACL and a domain only if its environment is configured so", () => {
    const domain = {
      name: "api.example.com",
      certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/a",
    };
    const [without] = serviceStacks([environments[0]]);
    const [having] = serviceStacks([{ ...environments[0], webAcl: true, domain }]);

    expect(without?.resources("aws_wafv2_web_acl")).toEqual([]);
    expect(without?.resources("aws_api_gateway_domain_name")).toEqual([]);
    expect(having?.only("aws_wafv2_web_acl_association").attributes.resource_arn).toBe(
      having?.only("aws_api_gateway_stage").ref("arn"),
    );
    expect(having?.section("output", "dev-stack-api-url").value).toBe("https://api.example.com");
  });

  it("passes the allowed origin to the API function, whose responses that origin must be able to read", () => {
    const [having] = serviceStacks([{ ...environments[0], allowedOrigin: "https://app.example.com" }]);

    const lambda = having?.at("aws_lambda_function", "api-function/function");

    expect(lambda?.attributes.environment).toMatchObject({
      variables: { ALLOWED_ORIGIN: "https://app.example.com" },
    });
    expect(
      having?.resources("aws_api_gateway_method").map(({ attributes }) => attributes.http_method),
    ).toContain("OPTIONS");
  });

  it("mirrors every output to SSM for other stacks", () => {
    const stack = serviceStack("dev");

    const parameters = stack
      .resources("aws_ssm_parameter")
      .map(({ attributes }) => [attributes.name, attributes.value]);

    const outputs = Object.entries(stack.section("output")).map(([name, output]) => [
      name.replace("dev-stack-", "/serverless-app/dev/"),
      (output as { value: string }).value,
    ]);
    expect(Object.fromEntries(parameters)).toEqual(Object.fromEntries(outputs));
  });

  it("requires the provider versions that the set-up looks for", () => {
    const { aws, archive } = engine.requiredProviders;

    expect(requiredProviders).toEqual({ aws: aws.version, archive: archive.version });
  });

  it("bundles with esbuild by default", () => {
    const [stack] = synthesizeApp((app) => {
      new ServiceStack(app, "dev-stack", { environment: environments[0] });
    });

    const { hash } = esbuildBundler("lambda-src/api/index.ts");
    expect(stack?.at("aws_s3_object", "api-function/package/object").attributes.key).toBe(`api/${hash}.zip`);
  });
});
