import { execFile } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { environments } from "../../stacks/environments";
import { ProjectCopy } from "../support/project-copy";
import { linkTools } from "./tools";

const run = promisify(execFile);

const stackIds = ["account-stack", ...environments.map(({ name }) => `${name}-stack`)];

/** Types of resources with names that are unique in the account. */
const uniquelyNamed = new Set(["aws_dynamodb_table", "aws_iam_role", "aws_lambda_function", "aws_sqs_queue"]);

/** No credentials, and an endpoint where nothing listens, so that any call to AWS fails. */
const noAws: NodeJS.ProcessEnv = {
  ...process.env,
  AWS_PROFILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  CHECKPOINT_DISABLE: "1",
};

describe("npm run plan:offline", () => {
  const copy = new ProjectCopy("copy with a space").linkDependencies();
  const folder = path.join(copy.folder, ".local/offline-plan");

  beforeAll(() => linkTools(copy.folder));

  afterAll(() => copy.remove());

  it("plans every stack from scratch, and reports how much each would add", async () => {
    const { stdout } = await planOffline();

    const added = stdout.trimEnd().split("\n");
    expect(added).toEqual(
      [...stackIds]
        .sort()
        .map((stack) => `${stack}: ${managedAddresses(stack).length} to add, 0 to change, 0 to destroy`),
    );
  });

  it.each(stackIds)("creates exactly the resources of %s, with its suffix in their names", async (stack) => {
    const { resource_changes: changes } = await showPlan(stack);

    const planned = changes.filter(({ mode }) => mode === "managed");
    const names = planned.flatMap(({ type, change }) =>
      uniquelyNamed.has(type) ? [change.after.name ?? change.after.function_name] : [],
    );
    expect(planned.map(({ address }) => address).sort()).toEqual(managedAddresses(stack));
    expect(new Set(planned.map(({ change }) => change.actions.join()))).toEqual(new Set(["create"]));
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !name?.endsWith(`-${stack.replace("-stack", "")}`))).toEqual([]);
  });

  it("plans exactly the JSON that is deployed", async () => {
    await run(process.execPath, ["scripts/run.mjs", "main.ts"], { cwd: copy.folder, env: noAws });

    for (const stack of stackIds) {
      const deployed = readFileSync(path.join(copy.folder, "cdktf.out/stacks", stack, "cdk.tf.json"));
      expect(readFileSync(path.join(folder, "stacks", stack, "cdk.tf.json"))).toEqual(deployed);
    }
  });

  it.each([
    ["in its folder", [".local/offline-plan"]],
    ["in cdktf.out, with the override file copied there", []],
  ])("lets cdktf diff plan %s", async (_, outputs) => {
    const file = "stacks/dev-stack/offline_override.tf.json";
    if (outputs.length === 0)
      copyFileSync(path.join(folder, file), path.join(copy.folder, "cdktf.out", file));

    const { stdout } = await cdktf("diff", "dev-stack", ...outputs.flatMap((output) => ["--output", output]));

    expect(stdout).toContain(
      `Plan: ${managedAddresses("dev-stack").length} to add, 0 to change, 0 to destroy.`,
    );
  });

  it("lists the stacks if the app has no stack with the given name", async () => {
    const failure = await planOffline("qa-stack").catch((error: { stderr: string }) => error);

    expect(failure.stderr).toContain(
      "✗ there is no stack qa-stack: the app has account-stack, dev-stack, prod-stack, staging-stack",
    );
  });

  it("fails if a stack calls AWS during planning", async () => {
    const file = path.join(copy.folder, "stacks/account-stack.ts");
    const source = readFileSync(file, "utf8");
    writeFileSync(
      file,
      `import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";\n${source.replace(
        "new ApiGatewayAccount",
        'new DataAwsCallerIdentity(this, "caller");\n    new ApiGatewayAccount',
      )}`,
    );

    const failure = await planOffline("account-stack").catch((error: { stderr: string }) => error);

    expect(failure.stderr).toContain("✗ account-stack cannot be planned: terraform plan failed.");
    expect(failure.stderr).toContain("connection refused");
  });

  function planOffline(...stacks: string[]) {
    return run(process.execPath, ["scripts/run.mjs", "scripts/plan-offline.ts", ...stacks], {
      cwd: copy.folder,
      env: noAws,
    });
  }

  function cdktf(...commandArguments: string[]) {
    return run(
      path.join(copy.folder, "node_modules/.bin/cdktf"),
      [...commandArguments, "--skip-provider-lock"],
      {
        cwd: copy.folder,
        env: {
          ...noAws,
          AWS_ACCESS_KEY_ID: "offline",
          AWS_SECRET_ACCESS_KEY: "offline",
          TF_CLI_CONFIG_FILE: path.join(copy.folder, ".local/tools/providers/terraform.tfrc"),
          CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
          FORCE_COLOR: "0",
        },
        maxBuffer: 16 * 1024 * 1024,
      },
    );
  }

  async function showPlan(stack: string): Promise<Plan> {
    const { stdout } = await run("terraform", ["show", "-json", "plan"], {
      cwd: path.join(folder, "stacks", stack),
      env: { ...noAws, TF_CLI_CONFIG_FILE: path.join(copy.folder, ".local/tools/providers/terraform.tfrc") },
      maxBuffer: 16 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  }

  /** The addresses of a stack's synthesized resources, in alphabetical order. */
  function managedAddresses(stack: string): string[] {
    const { resource } = JSON.parse(readFileSync(path.join(folder, "stacks", stack, "cdk.tf.json"), "utf8"));
    const blocks: [type: string, byId: object][] = Object.entries(resource);
    return blocks.flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`)).sort();
  }
});

/** The parts of Terraform's plan format that this test reads. */
interface Plan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly after: Readonly<Record<string, string>>;
    };
  }[];
}
