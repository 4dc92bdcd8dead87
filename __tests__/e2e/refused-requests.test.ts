import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { CheckpointStore } from "../../packages/laptop/checkpoint";
import { commandEnvironment, emulatorEnvironment } from "../../packages/laptop/environment";
import { LocalAws } from "../../packages/laptop/local-aws";
import { findTerraform } from "../../packages/laptop/set-up/requirements";
import { setUp } from "../../packages/laptop/set-up/set-up";
import { describeRefusal } from "../../scripts/start/refused-request";

const run = promisify(execFile);
const region = "eu-west-1";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** Mistakes that Terraform's provider does not notice: the resource, its arguments, and what the developer reads. */
const mistakes: readonly (readonly [type: string, resource: object, error: string, line: string])[] = [
  [
    "aws_cloudwatch_metric_alarm",
    {
      alarm_name: "wide",
      comparison_operator: "GreaterThanThreshold",
      evaluation_periods: 1,
      metric_name: "m",
      namespace: "n",
      period: 60,
      statistic: "Sum",
      threshold: 1,
      dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`d${index}`, "v"])),
    },
    "ValidationError",
    "PutMetricAlarm of CloudWatch for wide, sent by Terraform: dimensions is",
  ],
  [
    "aws_kinesis_firehose_delivery_stream",
    {
      name: "large",
      destination: "extended_s3",
      extended_s3_configuration: {
        role_arn: "arn:aws:iam::000000000000:role/r",
        bucket_arn: "arn:aws:s3:::b",
        buffering_size: 129,
      },
    },
    "ValidationException",
    "sizeInMBs is 129, allowed is at most 128. Change what becomes extendedS3DestinationConfiguration.bufferingHints.sizeInMBs in constructs/access-log-delivery.ts.",
  ],
  [
    "aws_lambda_alias",
    { name: "12", function_name: "f", function_version: "1" },
    "ValidationException",
    'CreateAlias of Lambda for f, sent by Terraform: name is "12", which does not match (?!^[0-9]+$)([a-zA-Z0-9-_]+). Change what becomes name in constructs/service-function.ts.',
  ],
  [
    "aws_cloudwatch_event_rule",
    { name: "often", schedule_expression: "rate(1 minutes)" },
    "ValidationException",
    "PutRule of EventBridge for often, sent by Terraform: Parameter ScheduleExpression is not valid. Correct the resource in constructs/event-bus.ts.",
  ],
  [
    "aws_iam_role",
    { name: "tagged", assume_role_policy: trust, tags: { a: "t".repeat(257) } },
    "ValidationError",
    "its length must be at most 256. Change what becomes tags.value in constructs/service-function.ts",
  ],
  [
    "aws_lambda_event_source_mapping",
    { function_name: "f", event_source_arn: "arn:aws:sqs:eu-west-1:000000000000:q", batch_size: 11 },
    "InvalidParameterValueException",
    "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10. Correct the resource in constructs/table-stream-mapping.ts.",
  ],
  [
    "aws_cloudwatch_log_group",
    { name: "g", tags: { "bad!": "x" } },
    "InvalidParameterException",
    'CreateLogGroup of CloudWatch Logs for g, sent by Terraform: tags is "{bad!=x}", which does not match',
  ],
];

describe("A stack with mistakes that AWS would refuse", () => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "refused-")));
  const folders = { temporary: path.join(folder, "tmp"), logs: path.join(folder, "log") };
  const lines: string[] = [];
  let laptop: LocalAws | undefined;
  let output = "";

  beforeAll(async () => {
    const { lambdaRuntime, providers } = await setUp();
    laptop = await LocalAws.start(new CheckpointStore(path.join(folder, "state")), {
      lambdaRuntime,
      region,
      folders,
      onRefusal: (refused, head) => lines.push(describeRefusal(refused, head)),
    });
    const cwd = path.join(folder, "stack");
    mkdirSync(cwd);
    writeFileSync(path.join(cwd, "main.tf.json"), JSON.stringify(program()));
    const { binary } = await findTerraform();
    const env = commandEnvironment(emulatorEnvironment(laptop.port, region, providers));
    await run(binary, ["init", "-input=false", "-no-color"], { cwd, env });
    const applied = run(binary, ["apply", "-auto-approve", "-input=false", "-no-color"], { cwd, env });
    output = await applied.then(
      ({ stdout }) => stdout,
      (error) => error.stderr,
    );
  });

  afterAll(async () => {
    await laptop?.abandon();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(mistakes)(
    "fails at %s with AWS's error and a line that names the way out",
    (type, _, error, line) => {
      const failures = output.split("\nError: ").filter((failure) => failure.includes(`with ${type}.`));

      expect(failures).toEqual([expect.stringContaining(error)]);
      expect(lines.filter((candidate) => candidate.includes(line))).toHaveLength(1);
    },
  );

  it("is told each mistake once", () => {
    expect(lines).toHaveLength(mistakes.length);
  });
});

function program(): object {
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
    provider: { aws: {} },
    resource: Object.fromEntries(mistakes.map(([type, resource]) => [type, { mistake: resource }])),
  };
}
