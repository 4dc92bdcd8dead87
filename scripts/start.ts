import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type LocalCaller, LocalCallers } from "../packages/laptop/callers";
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
import { readArguments } from "../packages/terminal/command-line";
import { type ReportDetail, say, step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { environments } from "../stacks/environments";
import { ensureStateBucket } from "./lib/state-bucket";
import { outputsOf, readTerraformState, type TerraformState } from "./lib/terraform-state";
import { DeniedCalls } from "./start/denied/denied-calls";
import { printRefusals } from "./start/refused-request";
import { stopOnCtrlC } from "./start/stop-on-ctrl-c";

const usage = `npm start [-- --reset | --empty] [--without-iam] [--without-models]

Sets up everything it needs, deploys dev-stack to AWS on this laptop, and serves it until Ctrl-C.
The next start continues from there.

--reset  starts over
--empty  starts over and deploys nothing, so that you can rehearse README.md's steps for AWS, starting with npm run bootstrap
--without-iam  lets every caller, function and service do everything, and checks no signature
--without-models  accepts requests that break AWS's service models, for example because they are newer than the models`;

/** How soon a change is saved while the stack is served. */
const saveSeconds = 5;

const [environment] = environments;
const stackId = `${environment.name}-stack`;
const deniedCalls = new DeniedCalls(stackId);

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["reset", "empty", "without-iam", "without-models"] });
  if (!given) return;
  const { reset, empty } = given.flags;

  let serving: LocalAws | undefined;
  stopOnCtrlC(() => serving);

  await withdrawEnvironment();
  const { lambdaRuntime, providers } = await setUp();
  const checkpoints = new CheckpointStore(folders.state);
  if (reset || empty) await checkpoints.discard();
  const laptop = await step("emulator", () =>
    LocalAws.start(checkpoints, {
      lambdaRuntime,
      region: environment.region,
      startOver: "run npm start -- --reset",
      models: !given.flags["without-models"],
      onRefusal: printRefusals(say),
      iam: !given.flags["without-iam"],
      onDenied: (denial) => void deniedCalls.tell(denial),
    }),
  );

  laptop.onCrash((how) => {
    say(
      `✗ the emulator stopped unexpectedly (${how}): see .local/log/emulator.log. Run npm start again; ${laptop.ifKilled}`,
    );
    process.exit(1);
  });
  const variables = emulatorEnvironment(laptop.port, environment.region, providers);
  enterEnvironment(variables);
  const callers = new LocalCallers(variables.AWS_ENDPOINT_URL ?? "", environment.region, checkpoints.running);
  const deployed = empty ? undefined : await deployIfChanged(laptop, callers);
  await publishEnvironment(variables);
  serving = laptop;
  const tellLauncher = () => process.send?.({ name: "the gateway", ifKilled: laptop.ifKilled });
  tellLauncher();
  laptop.saveWhileServing(saveSeconds, tellLauncher);
  showBanner(variables, deployed);
}

interface Deployed {
  readonly outputs: Readonly<Record<string, string>>;
  /** May call the API, and nothing else. */
  readonly invoker: LocalCaller;
  /** May do nothing. */
  readonly nobody: LocalCaller;
}

/** Deploys, unless the checkpoint is of exactly this stack and exactly this state. */
async function deployIfChanged(laptop: LocalAws, callers: LocalCallers): Promise<Deployed> {
  const synthesized = await step(`synthesize ${stackId}`, synthesizedHash);
  const before = await readTerraformState(stackId);
  if (before && isSame(laptop.deployment, describe(synthesized, before))) {
    say(`✓ ${stackId} is deployed and unchanged`);
    return withCallers(before, callers);
  }
  await step("bucket of Terraform's state", () => ensureStateBucket(environment.account.stateBackend));
  await step(`cdktf deploy ${stackId} (a minute or two)`, (report) =>
    mustRun(path.resolve("node_modules/.bin/cdktf"), ["deploy", stackId, "--auto-approve"], {
      logFile: path.join(folders.logs, "deploy.log"),
      onLine: (line) => reportResource(line, report),
      failure: `cdktf deploy ${stackId} failed: fix the error and run npm start again. npm start -- --reset starts over.`,
    }),
  );
  const after = await readTerraformState(stackId);
  if (!after) throw new UserError(`${stackId} was deployed, but the state bucket does not contain its state`);
  const deployed = await withCallers(after, callers);
  await step("checkpoint: the emulator saves its state and restarts", () =>
    laptop.saveCheckpoint(describe(synthesized, after)),
  );
  return deployed;
}

async function withCallers(state: TerraformState, callers: LocalCallers): Promise<Deployed> {
  const outputs = outputsOf(stackId, state);
  return {
    outputs,
    invoker: await callers.ensure("invoker", outputs["api-invoke-policy-arn"]),
    nobody: await callers.ensure("nobody"),
  };
}

/** Reports the resource that Terraform works on, without cdktf's own redrawn status. */
function reportResource(line: string, report: ReportDetail): void {
  const [, resource] = /\b(aws_\w+\.[\w-]+): (?:Creating|Modifying|Destroying|Still)/.exec(line) ?? [];
  if (resource) report(resource);
}

/** The stack's JSON names each bundle by a hash of its content, so the hash of the JSON covers the bundles. */
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

function showBanner(variables: Readonly<Record<string, string>>, deployed: Deployed | undefined): void {
  say(`\n${deployed ? requestsToTry(variables, deployed) : "Nothing is deployed yet. Begin with: npm run local -- npm run bootstrap"}

Run any command against it, from this folder:
  npm run local -- npx cdktf ${deployed ? "diff" : "deploy"} ${stackId}
or set these variables in your shell, with eval "$(npm run --silent local -- env)":`);
  for (const [name, value] of Object.entries(variables)) say(`  ${name}=${value}`);
  say("\nCtrl-C stops it. The next npm start continues from here.");
}

function requestsToTry(
  variables: Readonly<Record<string, string>>,
  { outputs, invoker, nobody }: Deployed,
): string {
  const url = `${variables.AWS_ENDPOINT_URL}/restapis/${outputs["api-id"]}/${outputs["api-stage"]}/_user_request_`;
  const signedBy = ({ accessKeyId, secretAccessKey }: LocalCaller) =>
    `--aws-sigv4 aws:amz:${environment.region}:execute-api --user ${accessKeyId}:${secretAccessKey}`;
  const body = `'{"id":"first","data":{"hello":"world"}}'`;
  return `${stackId} is up: ${url}

Try it from another shell, as a caller who holds the stack's invoke policy and nothing else:
  curl -i ${signedBy(invoker)} -H 'content-type: application/json' -d ${body} ${url}/items
  curl -i ${signedBy(invoker)} ${url}/items/first
and as a caller without permissions, whom the API refuses:
  curl -i ${signedBy(nobody)} ${url}/items/first`;
}

void main();
