import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ProjectCopy } from "../support/project-copy";

/** A change to a source file, and the problem that the synth must then report. */
interface Breakage {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly rule: string;
  readonly at: string;
  readonly found: string;
}

const inFunction = (from: string, to: string, rule: string, found: string): Breakage => ({
  file: "constructs/service-function.ts",
  from,
  to,
  rule,
  at: "dev-stack/api-function/function",
  found,
});

const accessLog = (to: string, found: string): Breakage => ({
  file: "constructs/access-log-format.ts",
  from: "JSON.stringify(fields)",
  to,
  rule: "api-gateway-access-log-format",
  at: "dev-stack/api/stage/stage",
  found,
});

const keys = (from: string, to: string, found: string): Breakage => ({
  file: "constructs/items-table.ts",
  from,
  to,
  rule: "dynamodb-keys-defined",
  at: "dev-stack/items-table/table",
  found,
});

/** The ten failures that this project exists to prevent, in each form that they take. */
const breakages: readonly (readonly [string, Breakage])[] = [
  [
    "a handler that the bundle does not export",
    inFunction(
      "handler: code.handler",
      'handler: "index.main"',
      "lambda-handler-in-package",
      "handler is index.main, but index.js exports handler",
    ),
  ],
  [
    "a handler in a file that is not in the package",
    inFunction(
      "handler: code.handler",
      'handler: "app.handler"',
      "lambda-handler-in-package",
      "handler is app.handler, but the package contains index.js",
    ),
  ],
  [
    "no reserved concurrency",
    inFunction(
      "...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),",
      "",
      "lambda-reserved-concurrency",
      "reserved_concurrent_executions is absent",
    ),
  ],
  [
    "reserved concurrency under a wrong name",
    inFunction(
      "this.alias = new LambdaAlias",
      'lambda.addOverride("reserved_concurrency", 100);\n    this.alias = new LambdaAlias',
      "lambda-reserved-concurrency",
      "reserved_concurrency is set, but Terraform has no such attribute",
    ),
  ],
  [
    "more reserved concurrency than the account has",
    {
      ...inFunction(
        "reservedConcurrentExecutions: reservedConcurrency",
        "reservedConcurrentExecutions: 950",
        "lambda-concurrency-within-quota",
        "2 functions reserve 1900 of 1000",
      ),
      at: "dev-stack",
    },
  ],
  [
    "an access log with several lines per request",
    accessLog("JSON.stringify(fields, null, 2)", "format has a line break"),
  ],
  [
    "an access log that is not JSON",
    accessLog('Object.values(fields).join(" ")', "format is not a JSON object: $context.requestId"),
  ],
  [
    "an access log without extendedRequestId",
    accessLog(
      "JSON.stringify({ ...fields, extendedRequestId: undefined })",
      "format lacks $context.extendedRequestId",
    ),
  ],
  [
    "code that does not come from S3",
    inFunction(
      "s3Bucket: code.bucket,\n      s3Key: code.key,",
      'filename: "assets/api.zip",',
      "lambda-code-from-s3",
      'filename is "assets/api.zip"',
    ),
  ],
  [
    "a bundle that needs a module outside it",
    {
      file: "constructs/bundle.ts",
      from: "external: neverReachedOnLambda",
      to: 'external: [...neverReachedOnLambda, "zod"]',
      rule: "lambda-package-loads-alone",
      at: "dev-stack/api-function/function",
      found: "index.js cannot be loaded: Cannot find module 'zod/mini'",
    },
  ],
  [
    "no metrics namespace",
    inFunction(
      "POWERTOOLS_METRICS_NAMESPACE: namingOf(this).metricsNamespace,",
      "",
      "lambda-metrics-namespace",
      "POWERTOOLS_METRICS_NAMESPACE is absent",
    ),
  ],
  [
    "API Gateway's account in an environment",
    {
      file: "stacks/service-stack.ts",
      from: "const logBucket = new LogBucket",
      to: 'new (require("@cdktf/provider-aws/lib/api-gateway-account").ApiGatewayAccount)(this, "account", {});\n    const logBucket = new LogBucket',
      rule: "api-gateway-account-apart",
      at: "dev-stack/account",
      found: "this stack has one, but accountWide is not true",
    },
  ],
  [
    "a log bucket that its delivery role cannot write to",
    {
      file: "constructs/access-log-delivery.ts",
      from: 'Action: ["s3:AbortMultipartUpload", "s3:PutObject"]',
      to: 'Action: ["s3:AbortMultipartUpload"]',
      rule: "s3-log-bucket-deliverer-may-write",
      at: "dev-stack/access-log-delivery/stream",
      found:
        "role dev-stack/access-log-delivery/delivery-role is not allowed s3:PutObject on dev-stack/log-bucket/bucket/bucket",
    },
  ],
  [
    "a log bucket that others can write to",
    {
      file: "constructs/access-log-delivery.ts",
      from: "bucket.admitWriters(deliveryRole, { accountId, sourceArn: api.stage.arn });",
      to: "",
      rule: "s3-log-bucket-nobody-else-writes",
      at: "dev-stack/log-bucket/bucket/bucket",
      found: "its policy does not deny writes by anyone else",
    },
  ],
  [
    "a dead-letter queue that its function cannot send to",
    inFunction(
      "props.deadLetterQueue.grantSend(this);",
      "",
      "lambda-dead-letter-permission",
      "role dev-stack/api-function/role is not allowed sqs:SendMessage on dev-stack/dead-letter-queue/queue",
    ),
  ],
  [
    "a key without an attribute",
    keys('{ name: "timestamp", type: "N" },', "", "key timestamp has no attribute definition"),
  ],
  [
    "a key with another name than its attribute",
    keys(
      'hashKey: "id"',
      'hashKey: "itemId"',
      "key itemId has no attribute definition; attribute id is not used by any key",
    ),
  ],
  ["a key of an invalid type", keys('type: "N"', 'type: "Number"', "attribute timestamp has type Number")],
];

describe("a known failure in a source file", () => {
  let copy: ProjectCopy;

  beforeAll(() => {
    copy = new ProjectCopy().linkDependencies();
  });

  afterAll(() => copy.remove());

  it("is not reported if the source has none", async () => {
    expect(await synthesize()).toEqual({ exitCode: 0, output: "" });
    expect(isWritten()).toBe(true);
  }, 60_000);

  it.each(breakages)(
    "stops the synth, and is explained: %s",
    async (_, breakage) => {
      const restore = edit(breakage);

      const { exitCode, output } = await synthesize().finally(restore);

      expect(output).toMatch(/^✗ dev-stack breaks \d guardrails?:\n/);
      expect(output).toMatch(
        new RegExp(
          String.raw`\n\d\. ${breakage.rule} at ${breakage.at}\n {3}found: ${escapeRegExp(breakage.found)}.*\n {3}why: {3}\S.*\.\n {3}fix: {3}\S.*\.\n`,
        ),
      );
      expect(output).not.toMatch(/^\s+at /m);
      expect(exitCode).toBe(1);
      expect(isWritten()).toBe(false);
    },
    60_000,
  );

  it("is also reported by cdktf synth", async () => {
    const [, breakage] = breakages[0] as (typeof breakages)[number];
    const restore = edit(breakage);

    const { exitCode, output } = await run(path.resolve("node_modules/.bin/cdktf"), "synth").finally(restore);

    expect(output).toContain(`${breakage.rule} at ${breakage.at}\n   found: ${breakage.found}\n`);
    expect(exitCode).toBe(1);
  }, 120_000);

  /** @returns a function that restores the file. @throws Error unless the file contains the text exactly once */
  function edit({ file, from, to }: Breakage): () => void {
    const source = path.join(copy.folder, file);
    const text = readFileSync(source, "utf8");
    if (text.split(from).length !== 2) throw new Error(`${file} must contain this exactly once: ${from}`);
    writeFileSync(
      source,
      text.replace(from, () => to),
    );
    rmSync(path.join(copy.folder, "cdktf.out"), { recursive: true, force: true });
    return () => writeFileSync(source, text);
  }

  const isWritten = () => existsSync(path.join(copy.folder, "cdktf.out/stacks/dev-stack/cdk.tf.json"));

  const synthesize = () => run(process.execPath, "scripts/run.mjs", "main.ts");

  function run(command: string, ...args: readonly string[]): Promise<{ exitCode: number; output: string }> {
    const env = { ...process.env, CI: "true", CHECKPOINT_DISABLE: "1" };
    return new Promise((resolve) => {
      execFile(command, [...args], { cwd: copy.folder, env }, (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code) : 0, output: `${stdout}${stderr}` }),
      );
    });
  }
});

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
