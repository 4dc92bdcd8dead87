import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { planReads } from "../../constructs/plan-reads";
import { application, environments } from "../../stacks/environments";
import { isAllowed } from "../support/allowed-calls";
import { readsByType } from "../support/reads-by-type";
import { CallRecorder } from "../support/recorded-calls";
import { endpoint, engine, run } from "./deployment";
import { ServedDevStack } from "./served-dev-stack";

/** Plans changes to a deployed dev-stack. The tests run in order: each continues where the previous one ended. */
describe("npm run plan-guard and npm run diff, with dev-stack deployed", () => {
  let stack: ServedDevStack;
  let file: string;
  let source: string;
  const table = "aws_dynamodb_table.items-table_1F7CDFD5";
  const git = (...command: string[]) =>
    run("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...command], stack.folder);

  beforeAll(async () => {
    stack = await ServedDevStack.start();
    file = path.join(stack.folder, "stacks/service-stack.ts");
    source = readFileSync(file, "utf8");
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message=Base");
    await git("switch", "--quiet", "--create=change");
  });

  afterAll(() => stack?.stop());

  it("pass a stack without changes, and leave a plan that can be applied", async () => {
    const guarded = await stack.npm("plan-guard", "dev-stack");
    const planned = await stack.npm("diff", "dev-stack");
    const applied = await stack.local(
      engine,
      "-chdir=cdktf.out/stacks/dev-stack",
      "apply",
      "-no-color",
      "plan",
    );

    expect([guarded.code, guarded.stdout]).toEqual([0, expect.stringMatching(/^dev-stack: no changes\n✓/)]);
    expect([planned.code, planned.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^dev-stack: no changes\nPlanned against the state in example-serverless-app-terraform-state\.\n✓/,
      ),
    ]);
    expect(applied.stdout).toContain("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.");
  });

  it("make only calls that the pipeline's role can make, and all those that its role is given for these resources", async () => {
    const recorder = await CallRecorder.start(endpoint(stack.launcher));
    const planned = await stack.local(
      ...["env", `AWS_ENDPOINT_URL=${recorder.endpoint}`, engine, "-chdir=cdktf.out/stacks/dev-stack"],
      ...["plan", "-input=false", "-no-color"],
    );
    await recorder.stop();
    const stateBucketArn = `arn:aws:s3:::${environments[0].account.stateBackend.bucket}`;
    const statements = planReads({
      naming: { application: application.name, organization: application.organization },
      stateBucketArn,
      hostedZoneIds: [],
    });
    const lock = `${stateBucketArn}/dev-stack/terraform.tfstate.tflock`;
    // Every caller may ask who it is. The lock has a policy of its own.
    const calls = recorder.calls.filter(
      ({ action, resource }) => action !== "sts:GetCallerIdentity" && resource !== lock,
    );
    const { resource } = JSON.parse(
      readFileSync(path.join(stack.folder, "cdktf.out/stacks/dev-stack/cdk.tf.json"), "utf8"),
    );
    const types = Object.keys(resource).map((type) =>
      type.replace(/^aws_api_gateway_.*/, "aws_api_gateway_"),
    );

    expect(planned.stdout).toContain("No changes.");
    expect(calls.filter((call) => !isAllowed(call, statements))).toEqual([]);
    expect([...new Set(calls.map(({ action }) => action))].sort()).toEqual(
      [...new Set(types.flatMap((type) => readsByType[type] ?? [`nothing for ${type}`]))].sort(),
    );
  });

  it("refuse a renamed table until its loss is acknowledged", async () => {
    writeFileSync(
      file,
      source.replace('name: "items", deletionProtection', 'name: "rows", deletionProtection'),
    );
    await git("commit", "--quiet", "--all", "--message=Rename the table");

    const guarded = await stack.npm("plan-guard", "dev-stack", "--json");
    const planned = await stack.npm("diff", "dev-stack");
    const acknowledged = await stack.npm("plan-guard", "dev-stack", "--acknowledge", table);

    expect([guarded.code, JSON.parse(guarded.stdout)]).toEqual([
      1,
      expect.objectContaining({ refused: [table] }),
    ]);
    expect([planned.code, planned.stdout]).toEqual([1, expect.stringContaining("✗ refused: 1 loss.")]);
    expect([acknowledged.code, acknowledged.stdout]).toEqual([
      0,
      expect.stringContaining(`✓ passed: ${table} acknowledged`),
    ]);
  });

  it("accept a commit's trailer as an acknowledgement for its stack", async () => {
    await git(
      "commit",
      "--quiet",
      "--allow-empty",
      "--message",
      "Acknowledge the loss",
      "--message",
      `Acknowledge-Loss: dev-stack ${table}`,
    );

    const planned = await stack.npm("diff", "dev-stack");

    expect([planned.code, planned.stdout]).toEqual([
      0,
      expect.stringContaining(`✓ passed: ${table} acknowledged`),
    ]);
  });

  it("do not tick a plan that failed", async () => {
    // Terraform refuses the option, and only when it plans.
    const failing = ["env", "TF_CLI_ARGS_plan=-no-such-option", "npm", "run", "--silent"];
    const planned = await stack.local(...failing, "diff", "--", "dev-stack");
    const guarded = await stack.local(...failing, "plan-guard", "--", "dev-stack");

    for (const { code, stderr } of [planned, guarded]) {
      expect({ code, plans: stderr.match(/^[✓✗] plan .*(?=\()/gm) }).toEqual({
        code: 2,
        plans: ["✗ plan dev-stack "],
      });
    }
  });

  it("refuse a shorter retention by its attribute until that is acknowledged", async () => {
    const environments = path.join(stack.folder, "stacks/environments.ts");
    writeFileSync(file, source);
    writeFileSync(
      environments,
      readFileSync(environments, "utf8").replace("logRetentionDays: 14", "logRetentionDays: 1"),
    );

    const guarded = await stack.npm("plan-guard", "dev-stack", "--json");
    const { refused } = JSON.parse(guarded.stdout) as { refused: string[] };
    const acknowledged = await stack.npm(
      "plan-guard",
      "dev-stack",
      ...refused.flatMap((loss) => ["--acknowledge", loss]),
    );

    expect(guarded.code).toBe(1);
    expect(refused.length).toBeGreaterThan(2);
    expect(refused.filter((loss) => !/^aws_cloudwatch_log_group\..*\.retention_in_days$/.test(loss))).toEqual(
      [],
    );
    expect(acknowledged.code).toBe(0);
  });

  it("fail if the configured credentials cannot be obtained", async () => {
    const { code, stderr } = await stack.local(
      "env",
      "-u",
      "AWS_ACCESS_KEY_ID",
      "AWS_PROFILE=nobody",
      "npm",
      "run",
      "--silent",
      "diff",
      "--",
      "dev-stack",
    );

    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("AWS_PROFILE is set, but there are no credentials: "),
    ]);
  });
});
