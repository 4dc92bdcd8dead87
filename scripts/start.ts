import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CheckpointStore, type Deployment } from "../packages/laptop/checkpoint";
import {
  emulatorEnvironment,
  enterEnvironment,
  publishEnvironment,
  withdrawEnvironment,
} from "../packages/laptop/environment";
import { folders } from "../packages/laptop/folders";
import { LocalAws } from "../packages/laptop/local-aws";
import { setUp } from "../packages/laptop/set-up/set-up";
import { type ReportDetail, say, step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { environments } from "../stacks/environments";
import { ensureStateBucket } from "./lib/state-bucket";
import { outputsOf, readTerraformState, type TerraformState } from "./lib/terraform-state";

const usage = `npm start [-- --reset | --empty]

Sets up all that is needed, deploys dev-stack to AWS on this laptop, and serves it until Ctrl-C.
The next start goes on from there; --reset starts over. --empty starts over too, and deploys nothing: for going through
what README.md says of AWS, from npm run bootstrap on, before it is AWS.`;

const known = ["--reset", "--empty"];

const [environment] = environments;
const stackId = `${environment.name}-stack`;

async function main(): Promise<void> {
  const options = process.argv.slice(2);
  if (options.includes("--help")) {
    say(usage);
    return;
  }
  const unknown = options.find((option) => !known.includes(option));
  if (unknown) throw new UserError(`unknown option ${unknown}\n\n${usage}`);

  let laptop: LocalAws | undefined;
  let serving = false;
  process.once("SIGINT", async () => {
    say(
      serving
        ? "\n· stopping, the state is kept"
        : "\n· interrupted: the next npm start goes on from the last checkpoint",
    );
    if (!serving || !laptop) process.exit(130);
    await withdrawEnvironment();
    await laptop.stop();
    process.exit(0);
  });

  await withdrawEnvironment();
  const { lambdaRuntime, providers } = await setUp();
  const checkpoints = new CheckpointStore(folders.state);
  if (options.length > 0) await checkpoints.discard();
  const started = await step("emulator", () =>
    LocalAws.start(checkpoints, {
      lambdaRuntime,
      region: environment.region,
      startOver: "run npm start -- --reset",
    }),
  );
  laptop = started;

  const variables = emulatorEnvironment(started.port, environment.region, providers);
  enterEnvironment(variables);
  const state = options.includes("--empty") ? undefined : await deployWhereChanged(started);
  started.onCrash(() => {
    say(
      "✗ the emulator has ended by itself, see .local/log/emulator.log; npm start goes on from the last checkpoint",
    );
    process.exit(1);
  });
  await publishEnvironment(variables);
  serving = true;
  showBanner(variables, state && outputsOf(stackId, state));
}

/** Deploys, unless the checkpoint holds the very state that a deployment of the very same stack left. */
async function deployWhereChanged(laptop: LocalAws): Promise<TerraformState> {
  const synthesized = await step(`synthesize ${stackId}`, synthesizedHash);
  const before = await readTerraformState(stackId);
  if (before && isSame(laptop.deployment, describe(synthesized, before))) {
    say(`✓ ${stackId} is deployed and unchanged`);
    return before;
  }
  await step("bucket of Terraform's state", ensureStateBucket);
  await step(`cdktf deploy ${stackId} (a minute or two)`, (report) =>
    mustRun(path.resolve("node_modules/.bin/cdktf"), ["deploy", stackId, "--auto-approve"], {
      logFile: path.join(folders.logs, "deploy.log"),
      onLine: (line) => reportResource(line, report),
      failure: `cdktf deploy ${stackId} failed: mend what it says and run npm start again; npm start -- --reset starts over.`,
    }),
  );
  const after = await readTerraformState(stackId);
  if (!after) throw new UserError(`${stackId} was deployed, but its state is not in the state bucket`);
  await step("checkpoint: the emulator writes its state and starts again", () =>
    laptop.saveCheckpoint(describe(synthesized, after)),
  );
  return after;
}

/** Shows what Terraform is at, without cdktf's own redrawn status. */
function reportResource(line: string, report: ReportDetail): void {
  const [, resource] = /\b(aws_\w+\.[\w-]+): (?:Creating|Modifying|Destroying|Still)/.exec(line) ?? [];
  if (resource) report(resource);
}

/** The stack's JSON names its bundles by their content, so its hash covers them. */
async function synthesizedHash(): Promise<string> {
  const outdir = path.join(folders.root, "synthesized");
  await mustRun(process.execPath, ["scripts/run.mjs", "main.ts"], {
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    failure: "the stacks cannot be synthesized:",
  });
  const json = await readFile(path.join(outdir, "stacks", stackId, "cdk.tf.json"));
  return createHash("sha256").update(json).digest("hex");
}

function describe(synthesized: string, { lineage, serial }: TerraformState): Deployment {
  return { synthesized, lineage, serial };
}

function isSame(one: Deployment | undefined, other: Deployment): boolean {
  return (
    one?.synthesized === other.synthesized && one.lineage === other.lineage && one.serial === other.serial
  );
}

function showBanner(
  variables: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>> | undefined,
): void {
  say(`\n${outputs ? requestsToTry(variables, outputs) : "Nothing is deployed yet: npm run local -- npm run bootstrap comes first."}

Any command against it, from this folder:
  npm run local -- npx cdktf ${outputs ? "diff" : "deploy"} ${stackId}
or with these variables in your shell, by eval "$(npm run --silent local -- env)":`);
  for (const [name, value] of Object.entries(variables)) say(`  ${name}=${value}`);
  say("\nCtrl-C stops it; the next npm start goes on from here.");
}

function requestsToTry(
  variables: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>>,
): string {
  const url = `${variables.AWS_ENDPOINT_URL}/restapis/${outputs["api-id"]}/${outputs["api-stage"]}/_user_request_`;
  const signing = `--aws-sigv4 aws:amz:${environment.region}:execute-api --user test:test`;
  const body = `'{"id":"first","data":{"hello":"world"}}'`;
  return `${stackId} is up: ${url}

Try it from another shell:
  curl -i ${signing} -H 'content-type: application/json' -d ${body} ${url}/items
  curl -i ${signing} ${url}/items/first`;
}

void main();
