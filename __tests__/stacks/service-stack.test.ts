import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Testing } from "cdktf";
import type {} from "cdktf/lib/testing/adapters/jest";
import { esbuildBundler } from "../../constructs/bundle";
import { requiredProviders } from "../../local/providers";
import { application, environments, stateBackend } from "../../stacks/environments";
import { ServiceStack } from "../../stacks/service-stack";
import { engine, engines } from "../support/engine";
import { fakeBundler } from "../support/fake-bundler";
import { physicalNames } from "../support/physical-names";
import { serviceStack } from "../support/service-stacks";
import { synthesizeApp } from "../support/synthesize";

Testing.setupJest();

describe.each(environments)("the $name-stack", (environment) => {
  const { name } = environment;

  it("is what was reviewed last", () => {
    const stack = serviceStack(name);

    // The backend, which a variable may name, and the providers, which the engine pins, have tests of their own.
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
    expect(synthesized).toHaveResourceWithProperties(SqsQueue, { sqs_managed_sse_enabled: true });
    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, { reserved_concurrent_executions: 100 });
    expect(synthesized).toHaveProviderWithProperties(AwsProvider, { region: environment.region });
    expect(synthesized).not.toHaveDataSource(DataAwsCallerIdentity);
  });

  it("keeps its state encrypted and locked in the configured bucket, under a key of its own", () => {
    const stack = serviceStack(name);

    const backends = stack.section("terraform", "backend");

    expect(backends).toEqual({
      s3: {
        bucket: stateBackend.bucket,
        region: stateBackend.region,
        key: `${name}-stack/terraform.tfstate`,
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it("pins its providers to the versions that are tested", () => {
    const stack = serviceStack(name);

    const providers = stack.section("terraform", "required_providers");

    expect(providers).toEqual(engine.requiredProviders);
  });

  it("says Region and tags to AWS's provider, and nothing that would hold on a laptop alone", () => {
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

  it("leaves endpoints and checks of credentials to the environment", () => {
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

  it("ends every physical name with its environment's", () => {
    const names = physicalNames(serviceStack(name));

    expect(names).not.toEqual([]);
    expect(names.filter((physicalName) => !physicalName.endsWith(`-${name}`))).toEqual([]);
  });

  it("begins every output with its own name", () => {
    const outputs = Object.keys(serviceStack(name).section("output"));

    expect(outputs).not.toEqual([]);
    expect(outputs.filter((output) => !output.startsWith(`${name}-stack-`))).toEqual([]);
  });

  it("keeps its table and artifacts as its environment says", () => {
    const stack = serviceStack(name);

    const table = stack.only("aws_dynamodb_table");
    const artifacts = stack.only("aws_s3_bucket");

    expect(table.attributes.deletion_protection_enabled).toBe(environment.deletionProtection);
    expect(artifacts.attributes.force_destroy).toBe(!environment.deletionProtection);
  });

  it("gives the API function what it reads from its environment, and the right to read and write the table", () => {
    const stack = serviceStack(name);

    const lambda = stack.only("aws_lambda_function");
    const table = stack.only("aws_dynamodb_table");

    expect(lambda.attributes.environment).toMatchObject({ variables: { TABLE_NAME: table.ref("name") } });
    expect(stack.only("aws_iam_role_policy").text("policy")).toContain(table.ref("arn"));
  });

  it("keeps its log lines for 14 days and 100 executions for the API", () => {
    const stack = serviceStack(name);

    const logGroups = stack.resources("aws_cloudwatch_log_group");
    const lambda = stack.only("aws_lambda_function");

    expect(logGroups.map(({ attributes }) => attributes.retention_in_days)).toEqual([14, 14]);
    expect(lambda.attributes.reserved_concurrent_executions).toBe(100);
  });

  it("has a statement with the bare resource * for X-Ray alone", () => {
    const stack = serviceStack(name);

    const policies = stack
      .resources("aws_iam_role_policy")
      .map((policy) => policy.parsed("policy") as Policy);

    const open = policies
      .flatMap(({ Statement }) => Statement)
      .filter(({ Resource }) => [Resource].flat().includes("*"));
    expect(open.map(({ Action }) => Action)).toEqual([["xray:PutTraceSegments", "xray:PutTelemetryRecords"]]);
  });

  it("leaves what an account has once to account-stack", () => {
    expect(serviceStack(name).resources("aws_api_gateway_account")).toEqual([]);
  });

  it("redeploys its API when any part of it changes", () => {
    const stack = serviceStack(name);

    const deployment = stack.only("aws_api_gateway_deployment");

    const beside = ["aws_api_gateway_deployment", "aws_api_gateway_stage"];
    const parts = stack.blocks.filter(
      ({ type }) => type.startsWith("aws_api_gateway_") && !beside.includes(type),
    );
    expect(new Set(deployment.attributes.depends_on as string[])).toEqual(
      new Set(parts.map(({ address }) => address)),
    );
  });
});

describe("ServiceStack", () => {
  it("requires of Terraform what the set-up looks for", () => {
    const { aws, archive } = engines.cdktf.requiredProviders;

    expect(requiredProviders).toEqual({ aws: aws.version, archive: archive.version });
  });

  it("bundles by esbuild unless told otherwise", () => {
    const [stack] = synthesizeApp((app) => {
      new ServiceStack(app, "dev-stack", { environment: environments[0] });
    });

    const { hash } = esbuildBundler("lambda-src/api/index.ts");
    expect(stack?.only("aws_s3_object").attributes.key).toBe(`api/${hash}.zip`);
  });
});

interface Policy {
  readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[];
}
