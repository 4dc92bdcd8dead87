import { readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { unsetVariables } from "../packages/laptop/environment";
import { folders } from "../packages/laptop/folders";
import { findTerraform } from "../packages/laptop/set-up/requirements";
import { setUp } from "../packages/laptop/set-up/set-up";
import { readArguments } from "../packages/terminal/command-line";
import { step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { noAws, offlineProvider } from "./lib/offline";

const outdir = path.join(folders.root, "offline-plan");
const shown = path.relative(process.cwd(), outdir);

/** Terraform merges this into cdk.tf.json, so cdk.tf.json itself stays as it will be deployed. */
const override = {
  terraform: { backend: { local: {} } },
  provider: {
    aws: offlineProvider,
  },
};

const usage = `npm run plan:offline [-- <stack>…]

Synthesizes and plans the named stacks, or all of them, without an AWS account. The plan is that of a first deployment. The
command does not read any state or call AWS, and leaves cdktf.out alone. The plans are kept in ${shown}:
  terraform -chdir=${shown}/stacks/dev-stack show plan
cdktf can plan there, too:
  AWS_ACCESS_KEY_ID=offline AWS_SECRET_ACCESS_KEY=offline npx cdktf diff dev-stack --output ${shown}
If Terraform's registry cannot be reached, add --skip-provider-lock and set:
  TF_CLI_CONFIG_FILE=$PWD/${path.relative(process.cwd(), folders.providers)}/terraform.tfrc`;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: [], positionals: ["[stack…]"] });
  if (!given) return;
  const wanted = given.positionals;

  const { binary } = await findTerraform();
  const { providers } = await setUp();
  const env: NodeJS.ProcessEnv = { ...process.env, ...noAws, ...providers.environment };
  for (const name of unsetVariables) delete env[name];

  const stacks = await step("synthesize", synthesize);
  const unknown = wanted.filter((stack) => !stacks.includes(stack));
  if (unknown.length > 0) {
    throw new UserError(`there is no stack ${unknown.join(", ")}: the app has ${stacks.join(", ")}`, {
      exitCode: 2,
    });
  }
  for (const stack of wanted.length > 0 ? wanted : stacks) {
    const summary = await step(`plan ${stack}`, () => plan(binary, stack, env));
    process.stdout.write(`${stack}: ${summary}\n`);
  }
}

/** @returns the ids of the app's stacks. Each stack's folder also has the override file. */
async function synthesize(): Promise<readonly string[]> {
  await rm(outdir, { recursive: true, force: true });
  await mustRun(process.execPath, ["scripts/run.mjs", "main.ts"], {
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    failure: "synthesizing the stacks failed:",
  });
  const stacks = await readdir(path.join(outdir, "stacks"));
  for (const stack of stacks) {
    await writeFile(
      path.join(outdir, "stacks", stack, "offline_override.tf.json"),
      JSON.stringify(override, undefined, 2),
    );
  }
  return stacks.sort();
}

/** @returns Terraform's own summary, for example `27 to add, 0 to change, 0 to destroy` */
async function plan(terraform: string, stack: string, env: NodeJS.ProcessEnv): Promise<string> {
  const run = (...command: string[]) =>
    mustRun(terraform, [...command, "-input=false", "-no-color"], {
      cwd: path.join(outdir, "stacks", stack),
      env,
      logFile: path.join(folders.logs, `plan-offline-${stack}-${command[0]}.log`),
      timeoutSeconds: 600,
      failure: `${stack} cannot be planned: terraform ${command[0]} failed.`,
    });
  await run("init");
  const output = await run("plan", "-out=plan");
  return /^Plan: (.+)\.$/m.exec(output)?.[1] ?? "no changes";
}

void main();
