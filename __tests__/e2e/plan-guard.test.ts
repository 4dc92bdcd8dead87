import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findTerraform } from "../../packages/laptop/set-up/requirements";
import { setUp } from "../../packages/laptop/set-up/set-up";
import { runCommand } from "../../packages/terminal/run-command";
import { judge } from "../../scripts/plan-guard/judgement";
import { makePlan } from "../../scripts/plan-guard/make-plan";
import { plannedChanges } from "../../scripts/plan-guard/planned-changes";
import { providerSchema, schemaFile } from "../scripts/plan-guard/provider-schema";
import { reduceSchema } from "../scripts/plan-guard/reduced-schema";
import { everyStack, typesOf } from "../scripts/plan-guard/stacks";

type Blocks = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** A resource instance in the state, with the parts that a plan without refresh reads. */
interface Instance {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status?: "tainted";
  readonly deposed?: string;
}

const table = (name: string) => ({
  name,
  billing_mode: "PAY_PER_REQUEST",
  hash_key: "id",
  attribute: [{ name: "id", type: "S" }],
});

/** All the attributes of the queue on AWS, because an attribute missing from the state would be planned as a change. */
const movedQueue = {
  id: "moved",
  name: "moved",
  fifo_queue: false,
  content_based_deduplication: false,
  delay_seconds: 0,
  max_message_size: 262_144,
  message_retention_seconds: 345_600,
  receive_wait_time_seconds: 0,
  visibility_timeout_seconds: 30,
};
const secret = "swordfish-bucket";

/** Terraform and its real provider make plans from states that the tests write, without AWS or an emulator. */
describe("npm run plan-guard", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "plan-guard-"));
  let env: NodeJS.ProcessEnv;
  let terraform: string;

  beforeAll(async () => {
    const { providers } = await setUp();
    terraform = (await findTerraform()).binary;
    env = {
      ...process.env,
      ...providers.environment,
      AWS_ACCESS_KEY_ID: "offline",
      AWS_SECRET_ACCESS_KEY: "offline",
      AWS_EC2_METADATA_DISABLED: "true",
      CHECKPOINT_DISABLE: "1",
      TF_CLI_ARGS_plan: "-refresh=false",
    };
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  describe("for a plan with every kind of change", () => {
    const losses = [
      "aws_cloudwatch_event_bus.left#1a2b3c4d",
      "aws_dynamodb_table.removed",
      "aws_ssm_parameter.gone",
      "aws_api_gateway_rest_api.triggered",
      "aws_dynamodb_table.renamed",
      "aws_s3_bucket.secret",
      "aws_s3_bucket.unknown",
      "aws_sqs_queue.tainted",
      "aws_ssm_parameter.changed.value",
    ];
    const acknowledged = losses.flatMap((address) => ["--acknowledge", address]);
    let plan: string;
    /** The same plan as JSON: Terraform takes two seconds of CPU time to show a plan. */
    let planJson: string;

    beforeAll(async () => {
      plan = await planModule("everything", {
        state: {
          "aws_dynamodb_table.renamed": { attributes: { id: "items", ...table("items") } },
          "aws_dynamodb_table.removed": { attributes: { id: "old", ...table("old") } },
          "aws_dynamodb_table.kept": { attributes: { id: "kept", ...table("kept") } },
          "aws_s3_bucket.secret": { attributes: { id: secret, bucket: secret } },
          "aws_s3_bucket.unknown": { attributes: { id: "logs", bucket: "logs" } },
          "aws_sqs_queue.tainted": { attributes: { id: "q", name: "q" }, status: "tainted" },
          "aws_cloudwatch_event_bus.left": { attributes: { id: "bus", name: "bus" }, deposed: "1a2b3c4d" },
          "aws_api_gateway_rest_api.triggered": { attributes: { id: "api1234567", name: "api" } },
          "aws_ssm_parameter.changed": {
            attributes: { id: "/a", name: "/a", type: "String", value: "one", tier: "Standard" },
          },
          "aws_ssm_parameter.gone": { attributes: { id: "/b", name: "/b", type: "String", value: "x" } },
          "aws_sqs_queue.before": { attributes: movedQueue },
        },
        resources: {
          aws_dynamodb_table: { renamed: table("rows") },
          aws_s3_bucket: {
            secret: { bucket: "${var.secret}" },
            unknown: { bucket: "${terraform_data.new.id}" },
            created: { bucket: "created" },
          },
          aws_sqs_queue: { tainted: { name: "q" }, after: { name: "moved" } },
          aws_api_gateway_rest_api: {
            triggered: { name: "api", lifecycle: { replace_triggered_by: ["aws_ssm_parameter.changed"] } },
          },
          aws_ssm_parameter: { changed: { name: "/a", type: "String", value: "two" } },
          aws_iam_role_policy: {
            new: {
              name: "p",
              role: "r",
              policy:
                '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"${aws_s3_bucket.created.arn}/*"}]}',
            },
          },
          terraform_data: { new: {} },
        },
        blocks: {
          variable: { secret: { sensitive: true, default: "another-bucket" } },
          moved: [{ from: "aws_sqs_queue.before", to: "aws_sqs_queue.after" }],
          removed: [{ from: "aws_dynamodb_table.kept", lifecycle: { destroy: false } }],
        },
      });
      planJson = path.join(folder, "everything.json");
      writeFileSync(planJson, await mustRunTerraform(path.dirname(plan), "show", "-json", "plan"));
    });

    it("shows each change with its reason, and refuses the plan", async () => {
      const { exitCode, output } = await planGuard("--plan", plan);

      expect(output.trim().split("\n")).toEqual([
        "dev-stack: 3 destroyed, 5 replaced, 1 forgotten, 2 changed, 3 created",
        "  - aws_cloudwatch_event_bus.left#1a2b3c4d",
        "      left behind by an interrupted replacement",
        "      ! its subscribers' rules are lost, and so are events published in the meantime",
        "  - aws_dynamodb_table.removed",
        "      is no longer in the configuration",
        "      ! its items are lost",
        "  - aws_ssm_parameter.gone",
        "      is no longer in the configuration",
        "      ! whoever reads /b gets an error",
        "-/+ aws_api_gateway_rest_api.triggered",
        "      triggered by its replace_triggered_by",
        "      ! its URL, which callers use, is lost",
        "-/+ aws_dynamodb_table.renamed",
        "      cannot be changed in place",
        '      name: "items" → "rows"',
        "      ! its items are lost",
        "-/+ aws_s3_bucket.secret",
        "      cannot be changed in place",
        "      bucket (sensitive)",
        "      ! its objects are lost, and somebody else can take its name",
        "-/+ aws_s3_bucket.unknown",
        "      cannot be changed in place",
        '      bucket: "logs" → known after apply',
        "      ! its objects are lost, and somebody else can take its name",
        "-/+ aws_sqs_queue.tainted",
        "      is tainted: it was not created completely",
        "      ! the messages waiting in it are lost",
        "  . aws_dynamodb_table.kept",
        "      is no longer in the configuration",
        "      stays on AWS, but Terraform no longer manages it",
        "  ~ aws_sqs_queue.after",
        "      was aws_sqs_queue.before",
        "  ~ aws_ssm_parameter.changed",
        "      value (sensitive)",
        "      ! value (sensitive): whoever reads the parameter finds something else",
        "  + aws_iam_role_policy.new",
        "      › role r may now also s3:GetObject on <aws_s3_bucket.created.arn>/*",
        "  + aws_s3_bucket.created",
        "  + terraform_data.new",
        "✗ refused: 9 losses. Keep a resource's id and name, or move it (moveFromId); keep an attribute's value. If a loss is intended, acknowledge it:",
        `  ${losses.map((address) => `--acknowledge '${address}'`).join(" ")}`,
      ]);
      expect(exitCode).toBe(1);
    });

    it.each(["--json", "--markdown"])("shows no sensitive values with %s either", async (format) => {
      const { exitCode, output } = await planGuard("--plan", planJson, format);

      expect(output).toContain("aws_s3_bucket.secret");
      expect(output).not.toMatch(/swordfish|another-bucket/);
      expect(exitCode).toBe(1);
    });

    it("passes the plan if each loss is acknowledged", async () => {
      const { exitCode, output } = await planGuard("--plan", planJson, ...acknowledged);

      expect(output).toMatch(/✓ passed: .* acknowledged\. .*Left on AWS.*: 1\n$/);
      expect(exitCode).toBe(0);
    });

    it("refuses the plan if one loss is not acknowledged", async () => {
      const { exitCode, output } = await planGuard("--plan", planJson, "--json", ...acknowledged.slice(2));

      expect(JSON.parse(output)).toMatchObject({
        passed: false,
        refused: losses.slice(0, 1),
        acknowledged: losses.slice(1),
      });
      expect(exitCode).toBe(1);
    });

    it.each([
      ["a resource that does not exist", "aws_dynamodb_table.other"],
      ["a resource that is only changed", "aws_ssm_parameter.changed"],
      ["an attribute of a resource that is lost as a whole", "aws_dynamodb_table.renamed.name"],
    ])("rejects the acknowledgement of %s as a mistake", async (_, address) => {
      const { exitCode, output } = await planGuard("--plan", planJson, "--acknowledge", address);

      expect(output).toBe(
        `✗ --acknowledge ${address} matches nothing: the plan would lose ${losses.join(", ")}\n`,
      );
      expect(exitCode).toBe(2);
    });
  });

  it("knows what the provider lets one configure", async () => {
    const cwd = write("schema", {
      state: {},
      resources: { aws_sqs_queue: { q: { name: "q" } }, terraform_data: { d: {} } },
    });
    await mustRunTerraform(cwd, "init", "-input=false");
    const { provider_schemas: providers } = JSON.parse(
      await mustRunTerraform(cwd, "providers", "schema", "-json"),
    );
    const schema = reduceSchema(typesOf(everyStack()), {
      ...providers["registry.terraform.io/hashicorp/aws"].resource_schemas,
      ...providers["terraform.io/builtin/terraform"].resource_schemas,
    });

    if (process.env.UPDATE_SCHEMA) writeFileSync(schemaFile, `${JSON.stringify(schema, undefined, 2)}\n`);

    expect(providerSchema()).toEqual(schema);
  });

  it("refuses a plan that destroys a stack", async () => {
    const plan = await planModule("end", {
      state: { "aws_dynamodb_table.items": { attributes: { id: "items", ...table("items") } } },
      resources: { aws_dynamodb_table: { items: table("items") } },
      destroy: true,
    });

    const { exitCode, output } = await planGuard("--plan", plan, "--json");

    expect(JSON.parse(output)).toMatchObject({
      counts: { destroyed: 1 },
      refused: ["aws_dynamodb_table.items"],
    });
    expect(exitCode).toBe(1);
  });

  it("shows the changes that Terraform blocks with prevent_destroy, and leaves no plan that could be applied", async () => {
    const items = { ...table("rows"), lifecycle: { prevent_destroy: true } };
    const cwd = write("prevented", {
      state: { "aws_dynamodb_table.items": { attributes: { id: "items", ...table("items") } } },
      resources: { aws_dynamodb_table: { items }, aws_sqs_queue: { queue: { name: "q" } } },
    });

    const { plan, prevented } = await makePlan({
      stack: "prod-stack",
      folder: cwd,
      terraform,
      env,
      logFile: (command) => path.join(folder, `${command}.log`),
    });
    const judgement = judge({ stack: "prod-stack", changes: plannedChanges(plan), prevented }, [
      "aws_dynamodb_table.items",
    ]);

    expect(judgement.prevented).toBe(true);
    expect(judgement.changes.map(({ kind }) => kind)).toEqual(["replaced", "created"]);
    expect(judgement.refused).toEqual(["aws_dynamodb_table.items"]);
    expect(readdirSync(cwd).filter((name) => /plan|override/.test(name))).toEqual([]);
  });

  it("shows Terraform's own error if it cannot make a plan", async () => {
    const cwd = write("broken", { state: {}, resources: { aws_sqs_queue: { q: { nmae: "q" } } } });

    const plan = makePlan({
      stack: "dev-stack",
      folder: cwd,
      terraform,
      env,
      logFile: (command) => path.join(folder, `${command}.log`),
    });

    await expect(plan).rejects.toMatchObject({
      message: expect.stringMatching(
        /^dev-stack cannot be planned: terraform \w+ failed\.\n {2}Error: Extraneous JSON object property/,
      ),
      exitCode: 2,
    });
  });

  /** Writes a module and its state, and plans it. @returns the plan's file */
  async function planModule(
    name: string,
    given: {
      readonly state: Readonly<Record<string, Instance>>;
      readonly resources: Blocks;
      readonly blocks?: object;
      readonly destroy?: boolean;
    },
  ): Promise<string> {
    const cwd = write(name, given);
    await mustRunTerraform(cwd, "init", "-input=false");
    await mustRunTerraform(cwd, "plan", "-input=false", "-out=plan", ...(given.destroy ? ["-destroy"] : []));
    return path.join(cwd, "plan");
  }

  function write(
    name: string,
    {
      state,
      resources,
      blocks,
    }: {
      readonly state: Readonly<Record<string, Instance>>;
      readonly resources: Blocks;
      readonly blocks?: object;
    },
  ): string {
    const cwd = path.join(folder, name);
    mkdirSync(cwd);
    const configuration = {
      terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
      provider: {
        aws: {
          region: "eu-west-1",
          skip_credentials_validation: true,
          skip_requesting_account_id: true,
          skip_metadata_api_check: true,
        },
      },
      resource: resources,
      ...blocks,
    };
    writeFileSync(path.join(cwd, "cdk.tf.json"), JSON.stringify(configuration));
    const written = Object.entries(state).map(([address, { attributes, ...rest }]) => {
      const [type = "", id = ""] = address.split(".");
      return {
        mode: "managed",
        type,
        name: id,
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [{ schema_version: type === "aws_dynamodb_table" ? 1 : 0, attributes, ...rest }],
      };
    });
    writeFileSync(
      path.join(cwd, "terraform.tfstate"),
      JSON.stringify({
        version: 4,
        terraform_version: "1.10.0",
        serial: 1,
        lineage: "l",
        resources: written,
      }),
    );
    return cwd;
  }

  async function mustRunTerraform(cwd: string, ...command: string[]): Promise<string> {
    const { exitCode, output } = await runCommand(terraform, [...command, "-no-color"], { cwd, env });
    if (exitCode !== 0) throw new Error(output);
    return output;
  }

  function planGuard(...commandArguments: string[]) {
    return runCommand(
      process.execPath,
      ["scripts/run.mjs", "scripts/plan-guard.ts", "dev-stack", ...commandArguments],
      {
        env,
      },
    );
  }
});
