import Module from "node:module";
import { TerraformOutput } from "cdktf";
import { bundleFrom } from "../../constructs/bundle";
import type { ServiceFunctionProps } from "../../constructs/service-function";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack, testNaming } from "../support/synthesize";

const synthesized = (changes: Partial<ServiceFunctionProps> = {}) =>
  synthesizeStack((stack) => {
    serviceFunction(stack, changes);
  });

describe("ServiceFunction", () => {
  it("names a handler that the zipped folder contains and exports", () => {
    const code = "exports.handler = async () => 'answer';";
    const stack = synthesized({ bundle: bundleFrom("worker.js", Buffer.from(code)) });

    const [file, name = ""] = stack.only("aws_lambda_function").text("handler").split(".");
    const folder = stack.onlyData("archive_file").text("source_dir");
    const zipped = stack.files.get(`${folder}/${file}.js`)?.toString() ?? "";

    expect(name).toBe("handler");
    expect(exportsOf(zipped)).toHaveProperty(name, expect.any(Function));
  });

  it("runs the code of its own zip", () => {
    const stack = synthesized();

    const lambda = stack.only("aws_lambda_function");
    const object = stack.only("aws_s3_object");

    expect(lambda.attributes).toMatchObject({
      s3_bucket: object.ref("bucket"),
      s3_key: object.ref("key"),
      source_code_hash: stack.onlyData("archive_file").ref("output_base64sha256"),
    });
  });

  it("runs on the pinned runtime with the given memory, limits and description", () => {
    const stack = synthesized({ memoryMb: 1024, timeoutSeconds: 7, reservedConcurrency: 100 });

    const lambda = stack.only("aws_lambda_function");

    expect(lambda.attributes).toMatchObject({
      function_name: "shop-worker-test",
      description: "Works",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      memory_size: 1024,
      timeout: 7,
      reserved_concurrent_executions: 100,
    });
  });

  it("is invoked through the alias live, which points to the published version", () => {
    const stack = synthesized();

    const alias = stack.only("aws_lambda_alias");
    const lambda = stack.only("aws_lambda_function");

    expect(lambda.attributes.publish).toBe(true);
    expect(alias.attributes).toEqual({
      name: "live",
      function_name: lambda.ref("function_name"),
      function_version: lambda.ref("version"),
    });
  });

  it("exposes the alias to callers, never the function itself", () => {
    const stack = synthesizeStack((testStack) => {
      const worker = serviceFunction(testStack);
      new TerraformOutput(testStack, "arn", { value: worker.aliasArn });
      new TerraformOutput(testStack, "invoke-arn", { value: worker.aliasInvokeArn });
    });

    const alias = stack.only("aws_lambda_alias");

    expect(stack.section("output")).toEqual({
      arn: { value: alias.ref("arn") },
      "invoke-arn": { value: alias.ref("invoke_arn") },
    });
  });

  it("keeps log lines in its own group for as long as asked", () => {
    const stack = synthesized({ logRetentionDays: 14 });

    const logGroup = stack.only("aws_cloudwatch_log_group");

    expect(logGroup.attributes).toEqual({ name: "/aws/lambda/shop-worker-test", retention_in_days: 14 });
  });

  it("logs JSON to that group", () => {
    const stack = synthesized({ logLevel: "DEBUG" });

    const lambda = stack.only("aws_lambda_function");

    expect(lambda.attributes.logging_config).toEqual({
      log_format: "JSON",
      log_group: stack.only("aws_cloudwatch_log_group").ref("name"),
      application_log_level: "DEBUG",
      system_log_level: "WARN",
    });
  });

  it("is created after its log group and its role's policy", () => {
    const stack = synthesized();

    const lambda = stack.only("aws_lambda_function");

    expect(lambda.attributes.depends_on).toEqual([
      stack.only("aws_iam_role_policy").address,
      stack.only("aws_cloudwatch_log_group").address,
    ]);
  });

  it("has a role that only Lambda can assume", () => {
    const stack = synthesized();

    const role = stack.only("aws_iam_role");

    expect(stack.only("aws_lambda_function").attributes.role).toBe(role.ref("arn"));
    expect(role.attributes.name).toBe("shop-worker-test");
    expect(role.parsed("assume_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
  });

  it("can write its log and traces and send to its dead-letter queue, and nothing else", () => {
    const stack = synthesized();

    const policy = stack.only("aws_iam_role_policy");

    expect(policy.attributes.role).toBe(stack.only("aws_iam_role").ref("id"));
    expect(policy.parsed("policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "OwnLogGroup",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `${stack.only("aws_cloudwatch_log_group").ref("arn")}:*`,
        },
        {
          Sid: "DeadLetterQueue",
          Effect: "Allow",
          Action: ["sqs:SendMessage", "sqs:GetQueueAttributes"],
          Resource: stack.only("aws_sqs_queue").ref("arn"),
        },
        {
          Sid: "Tracing",
          Effect: "Allow",
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          Resource: "*",
        },
      ],
    });
  });

  it("gets permissions that are granted after it was created", () => {
    const granted = { Sid: "Granted", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k" };
    const stack = synthesizeStack((testStack) => {
      serviceFunction(testStack).addToRolePolicy({ ...granted, Effect: "Allow" });
    });

    const policy = stack.only("aws_iam_role_policy").parsed("policy") as { Statement: unknown[] };

    expect(policy.Statement).toHaveLength(4);
    expect(policy.Statement).toContainEqual(granted);
  });

  it("sends failed asynchronous invocations to its dead-letter queue", () => {
    const stack = synthesized();

    const lambda = stack.only("aws_lambda_function");

    expect(lambda.attributes.dead_letter_config).toEqual({
      target_arn: stack.only("aws_sqs_queue").ref("arn"),
    });
  });

  it("is traced", () => {
    const stack = synthesized();

    const lambda = stack.only("aws_lambda_function");

    expect(lambda.attributes.tracing_config).toEqual({ mode: "Active" });
  });

  it("passes Powertools the metrics namespace, service and log level, and its code the environment", () => {
    const stack = synthesized({ environment: { TABLE_NAME: "a-table" }, logLevel: "WARN" });

    const lambda = stack.only("aws_lambda_function");

    expect(lambda.attributes.environment).toEqual({
      variables: {
        TABLE_NAME: "a-table",
        APPLICATION: "shop",
        ENVIRONMENT: "test",
        POWERTOOLS_METRICS_NAMESPACE: testNaming.metricsNamespace,
        POWERTOOLS_SERVICE_NAME: "worker",
        POWERTOOLS_LOG_LEVEL: "WARN",
      },
    });
  });

  it("keeps the metrics namespace, whatever variables are given", () => {
    const stack = synthesized({ environment: { POWERTOOLS_METRICS_NAMESPACE: "Other" } });

    const lambda = stack.only("aws_lambda_function");

    expect(lambda.attributes.environment).toMatchObject({
      variables: { POWERTOOLS_METRICS_NAMESPACE: testNaming.metricsNamespace },
    });
  });

  it("lets API Gateway call its alias for one method only", () => {
    const stack = synthesizeStack((testStack) => {
      serviceFunction(testStack).grantInvokeToApi("invoke", "arn:aws:execute-api:::api/test/GET/items/*");
    });

    const permission = stack.only("aws_lambda_permission");

    expect(permission.attributes).toEqual({
      action: "lambda:InvokeFunction",
      function_name: stack.only("aws_lambda_function").ref("function_name"),
      qualifier: stack.only("aws_lambda_alias").ref("name"),
      principal: "apigateway.amazonaws.com",
      source_arn: "arn:aws:execute-api:::api/test/GET/items/*",
    });
  });

  it("reports every number that Lambda would refuse, all at once", () => {
    const build = () => synthesized({ memoryMb: 127, timeoutSeconds: 901, reservedConcurrency: 0 });

    expect(build).toThrow(
      new Error(
        [
          "test-stack/worker: memoryMb must be between 128 and 10240, got 127",
          "test-stack/worker: timeoutSeconds must be between 1 and 900, got 901",
          "test-stack/worker: reservedConcurrency must be between 1 and 1000000, got 0",
        ].join("\n"),
      ),
    );
  });
});

function exportsOf(code: string): unknown {
  const module = new Module("zipped") as Module & { _compile(code: string, file: string): void };
  module._compile(code, "zipped.js");
  return module.exports;
}
