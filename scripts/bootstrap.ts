import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import { findTerraform } from "../packages/laptop/set-up/requirements";
import { readArguments } from "../packages/terminal/command-line";
import { say, step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { application, stateBackend } from "../stacks/environments";
import { type BucketPlace, Surroundings } from "./doctor/surroundings";
import { awsFailure } from "./lib/aws-failure";
import { ensureStateBucket } from "./lib/state-bucket";
import { lockOf } from "./lib/state-versions";
import { readTerraformState } from "./lib/terraform-state";

const usage = `npm run bootstrap [-- --yes]

Prepares an AWS account and Region, once: makes the bucket of Terraform's state where it is not there yet, and deploys
account-stack: the role by which API Gateway writes its logs, and with pipelineAccess a pipeline's role. It says in which
account, and asks before it changes anything unless told --yes. It may be interrupted and run again at any time, and
changes nothing where all is there.

Exits with 0 where the account is prepared, with 1 where it is not, with 2 where nobody is there
to ask, with 130 after Ctrl-C.`;

const stackId = "account-stack";
const cdktf = path.resolve("node_modules/.bin/cdktf");
const stackFolder = path.resolve("cdktf.out/stacks", stackId);
const again = "mend what it says and run npm run bootstrap again";

let interrupted = false;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["yes"] });
  if (!given) return;
  listenForInterruption();
  try {
    await prepareAccount(given.flags.yes);
  } catch (cause) {
    if (!interrupted) throw cause;
    throw new UserError("interrupted: npm run bootstrap goes on from here", { cause, exitCode: 130 });
  }
}

async function prepareAccount(yes: boolean): Promise<void> {
  const { binary } = await findTerraform();
  await agree(await lookAround(new Surroundings()), yes);
  await stage(`bucket ${stateBackend.bucket} in ${stateBackend.region}`, ensureStateBucket);
  await refuseLock();
  await stage("synthesize", () =>
    mustRun(cdktf, ["synth"], { failure: "the stacks cannot be synthesized:" }),
  );
  await stage(`record in ${stackId}'s state what is there already`, () => adopt(binary));
  await deploy(binary, yes);
}

/**
 * What runs has Ctrl-C from the terminal as well: Terraform writes its state and gives the lock back, which is waited
 * for. A second one ends it at once.
 */
function listenForInterruption(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interrupted) process.exit(130);
      interrupted = true;
      say("\n· interrupted: what runs comes to its end; once more ends it at once");
    });
  }
}

async function stage(name: string, work: () => Promise<unknown>): Promise<void> {
  await step(name, work);
  if (interrupted) throw new Error("interrupted");
}

/** Says where it would go, and what is there. @throws UserError where it may not go there */
async function lookAround(surroundings: Surroundings): Promise<BucketPlace> {
  const { bucket, region } = stateBackend;
  const { account, arn } = await asked("AWS cannot be asked", surroundings.caller());
  const ours = surroundings.environments.filter(
    (environment) => (environment.account.id ?? account) === account,
  );
  if (ours.length === 0) {
    throw new UserError(
      `no environment is of account ${account}: use another profile (AWS_PROFILE), or change account.id in stacks/environments.ts`,
    );
  }
  const place = await asked(`bucket ${bucket} cannot be looked at`, surroundings.stateBucket());
  if (place.is === "foreign") {
    throw new UserError(
      `bucket ${bucket} belongs to somebody else, or ${arn} may not see it: bucket names are unique in the world; set organization in stacks/environments.ts, or the variable STATE_BUCKET`,
    );
  }
  if (place.is === "elsewhere") {
    throw new UserError(
      `bucket ${bucket} is in ${place.region}, not in ${region}: set the variable STATE_BUCKET_REGION, or stateBackend in stacks/environments.ts`,
    );
  }
  say(`In account ${account}, as ${arn}, for ${ours.map(({ name }) => name).join(", ")}:
  bucket ${bucket} in ${region}: ${place.is === "ours" ? "is there" : "will be made"}
  ${stackId}: ${(await readTerraformState(stackId)) ? "is brought up to date" : "will be deployed"}`);
  return place;
}

/** Of the stack's own changes Terraform asks, once it shows them. */
async function agree({ is }: BucketPlace, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new UserError("nobody is there to ask: run it in a terminal, or with --yes", { exitCode: 2 });
  }
  if (is === "ours") return;
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  questions.on("SIGINT", () => process.exit(130));
  const answer = await questions.question("Make the bucket? Only yes goes on: ");
  questions.close();
  if (answer.trim() !== "yes") throw new UserError("nothing was changed");
}

/** A bootstrap that was killed leaves a lock: Terraform would say so, in ten lines. */
async function refuseLock(): Promise<void> {
  const lock = await lockOf(stackId);
  if (!lock) return;
  throw new UserError(
    `${stackId} is locked by ${lock.who} since ${lock.created}: where nobody deploys it, break the lock (terraform -chdir=cdktf.out/stacks/${stackId} force-unlock ${lock.id}; docs/state.md says more) and run npm run bootstrap again`,
  );
}

/**
 * The bucket is there before the state that records it; the role, too, where an earlier run was killed between the two.
 * Both are imported rather than made.
 */
async function adopt(terraform: string): Promise<void> {
  const run = (...commandArguments: string[]) =>
    mustRun(terraform, commandArguments, {
      cwd: stackFolder,
      failure: `terraform ${commandArguments[0]} failed for ${stackId}: ${again}.`,
    });
  await run("init", "-input=false", "-no-color");
  const state = await readTerraformState(stackId);
  for (const { type, id, name } of await adoptable()) {
    const isKnown = state?.resources.some((resource) => resource.type === type && resource.name === id);
    if (!isKnown) await run("import", "-input=false", "-no-color", `${type}.${id}`, name);
  }
}

interface Adoptable {
  readonly type: string;
  readonly id: string;
  /** By which Terraform imports it. */
  readonly name: string;
}

/** What the stack holds and AWS has, by the names that the program gives them. */
async function adoptable(): Promise<readonly Adoptable[]> {
  const { resource } = JSON.parse(await readFile(path.join(stackFolder, "cdk.tf.json"), "utf8"));
  const buckets = Object.entries<{ readonly bucket: string }>(resource.aws_s3_bucket);
  const roles = Object.entries<{ readonly name: string }>(resource.aws_iam_role);
  const [id] = buckets.find(([, { bucket }]) => bucket === stateBackend.bucket) ?? [];
  if (!id) throw new Error(`${stackId} has no bucket ${stateBackend.bucket}`);
  const there: Adoptable[] = [{ type: "aws_s3_bucket", id, name: stateBackend.bucket }];
  for (const [roleId, { name }] of roles) {
    if (await isOwnRole(name)) there.push({ type: "aws_iam_role", id: roleId, name });
  }
  return there;
}

/** By its tags: another one of that name is left to whoever made it, and Terraform says so. */
async function isOwnRole(RoleName: string): Promise<boolean> {
  const iam = new IAMClient({ region: stateBackend.region });
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const tags = new Map(Role?.Tags?.map(({ Key, Value }) => [Key, Value]));
    return tags.get("Application") === application.name && tags.get("ManagedBy") === "cdktf";
  } catch (error) {
    if (error instanceof NoSuchEntityException) return false;
    throw error;
  } finally {
    iam.destroy();
  }
}

/**
 * Terraform shows what it would change, and asks. It is not run by cdktf, which ends at Ctrl-C before Terraform has given
 * the lock back.
 */
async function deploy(terraform: string, yes: boolean): Promise<void> {
  const child = spawn(terraform, ["apply", ...(yes ? ["-auto-approve"] : [])], {
    cwd: stackFolder,
    stdio: "inherit",
  });
  // Ctrl-C has come to it from the terminal; this one comes from a program, to this process alone.
  process.once("SIGTERM", () => child.kill("SIGINT"));
  const [exitCode] = await once(child, "exit");
  if (interrupted) throw new Error("interrupted");
  if (exitCode !== 0) throw new UserError(`${stackId} is not deployed: ${again}`);
}

async function asked<T>(failure: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new UserError(`${failure}: ${awsFailure(cause)}`, { cause });
  }
}

void main();
