import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import { findTerraform } from "../packages/laptop/set-up/requirements";
import { readArguments } from "../packages/terminal/command-line";
import { confirmed } from "../packages/terminal/confirmed";
import { onInterrupt } from "../packages/terminal/on-interrupt";
import { say, step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import type { AccountInUse } from "../stacks/accounts";
import { application, environments } from "../stacks/environments";
import { identityProvider } from "./doctor/identity-provider";
import { awsFailure } from "./lib/aws-failure";
import { AwsTarget, type BucketLocation } from "./lib/aws-target";
import { ensureStateBucket } from "./lib/state-bucket";
import { lockOf } from "./lib/state-versions";
import { readTerraformState } from "./lib/terraform-state";

const usage = `npm run bootstrap [-- --yes]

Prepares the AWS account that your credentials belong to. Run it once per account, and again when stacks/environments.ts has
an environment in another Region. It creates the bucket for Terraform's state and deploys the account's stack, which
contains the role that API Gateway uses to write logs, that role's setting in each Region and, if pipelineAccess is set, a role
for your pipeline. It shows you the account first, and asks before it changes anything; --yes skips the questions. You can interrupt it and run it
again at any time. If everything is in place, it changes nothing.

Exit codes: 0 if the account is prepared, 1 if not, 2 if there is no terminal to ask on, 130 after Ctrl-C.`;

const cdktf = path.resolve("node_modules/.bin/cdktf");
const again = "fix the error and run npm run bootstrap again";

let interrupted = false;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["yes"] });
  if (!given) return;
  onInterrupt(() => {
    interrupted = true;
    say("\n· interrupted: finishing the current step; press Ctrl-C again to stop immediately");
  });
  try {
    await prepareAccount(given.flags.yes);
  } catch (cause) {
    if (!interrupted) throw cause;
    throw new UserError("interrupted: npm run bootstrap continues from here", { cause, exitCode: 130 });
  }
}

async function prepareAccount(yes: boolean): Promise<void> {
  const { binary } = await findTerraform();
  const target = new AwsTarget();
  const { account, location } = await findTarget(target);
  await refuseIdentityProvider(target);
  await confirm(location, yes);
  const { stackId } = account;
  const { stateBackend } = account.account;
  await stage(`bucket ${stateBackend.bucket} in ${stateBackend.region}`, () =>
    ensureStateBucket(stateBackend),
  );
  await refuseLock(stackId);
  await stage("synthesize", () => mustRun(cdktf, ["synth"], { failure: "synthesizing the stacks failed:" }));
  await stage(`record existing resources in ${stackId}'s state`, () => importExisting(account, binary));
  await deploy(stackId, binary, yes);
}

/**
 * Runs one step, and goes no further after Ctrl-C. The terminal sends Ctrl-C to the step's command as well: Terraform then
 * writes its state and releases the lock, which this waits for.
 */
async function stage(name: string, work: () => Promise<unknown>): Promise<void> {
  await step(name, work);
  if (interrupted) throw new Error("interrupted");
}

/** Shows the account, and what it already has. @throws UserError if these credentials must not prepare it */
async function findTarget(
  target: AwsTarget,
): Promise<{ readonly account: AccountInUse; readonly location: BucketLocation }> {
  const { account: id, arn } = await answerOf(target.caller(), "AWS cannot be called");
  const account = await target.account();
  if (!account) {
    throw new UserError(
      `no environment belongs in account ${id}: use another profile (AWS_PROFILE), or change account.id in stacks/environments.ts`,
    );
  }
  const { stackId, regions } = account;
  const { stateBackend } = account.account;
  const { bucket, region } = stateBackend;
  const location = await answerOf(target.stateBucket(stateBackend), `bucket ${bucket} cannot be checked`);
  if (location.is === "foreign") {
    throw new UserError(
      `bucket ${bucket} belongs to somebody else, or ${arn} cannot access it. Bucket names are globally unique: set organization, or the account's stateBackend, in stacks/environments.ts`,
    );
  }
  if (location.is === "elsewhere") {
    throw new UserError(
      `bucket ${bucket} is in ${location.region}, not in ${region}: set the account's stateBackend in stacks/environments.ts, or the variable STATE_BUCKET_REGION`,
    );
  }
  say(`In account ${id}, as ${arn}, for ${account.environments.map(({ name }) => name).join(", ")} in ${regions.join(", ")}:
  bucket ${bucket} in ${region}: ${location.is === "ours" ? "exists" : "will be created"}
  ${stackId}: ${(await readTerraformState(stackId)) ? "will be updated" : "will be deployed"}`);
  return { account, location };
}

/** AWS would refuse a second identity provider when other resources have been created. */
async function refuseIdentityProvider(target: AwsTarget): Promise<void> {
  const { verdict, detail, remedy } = await answerOf(
    identityProvider.run(target),
    "the account's identity providers cannot be read",
  );
  if (verdict === "failed") throw new UserError(`${identityProvider.name}: ${detail}. To fix it: ${remedy}`);
}

/** Asks about the bucket only. Terraform itself asks about the stack's changes, once it has shown them. */
async function confirm({ is }: BucketLocation, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new UserError("there is no terminal to ask on: run it in a terminal, or with --yes", {
      exitCode: 2,
    });
  }
  if (is === "ours") return;
  if (!(await confirmed("Create the bucket?"))) throw new UserError("nothing was changed");
}

/** A bootstrap that was killed leaves a lock. Terraform would report it in ten lines; this takes one. */
async function refuseLock(stackId: string): Promise<void> {
  const lock = await lockOf(stackId);
  if (!lock) return;
  throw new UserError(
    `${stackId} has been locked by ${lock.who} since ${lock.created}. If nobody is deploying it, break the lock (terraform -chdir=cdktf.out/stacks/${stackId} force-unlock ${lock.id}; see docs/state.md) and run npm run bootstrap again`,
  );
}

/**
 * The bucket exists before the state that records it. So does a role, if an earlier run was killed before the state was
 * written. Both are imported, not created.
 */
async function importExisting(account: AccountInUse, terraform: string): Promise<void> {
  const { stackId } = account;
  const run = (...commandArguments: string[]) =>
    mustRun(terraform, commandArguments, {
      cwd: folderOf(stackId),
      failure: `terraform ${commandArguments[0]} failed for ${stackId}: ${again}.`,
    });
  await run("init", "-input=false", "-no-color");
  const state = await readTerraformState(stackId);
  for (const { type, id, name } of await importable(account)) {
    const isKnown = state?.resources.some((resource) => resource.type === type && resource.name === id);
    if (!isKnown) await run("import", "-input=false", "-no-color", `${type}.${id}`, name);
  }
}

interface Importable {
  readonly type: string;
  readonly id: string;
  /** The name that Terraform imports it by. */
  readonly name: string;
}

/** The stack's bucket and roles that already exist on AWS, under the names that the program gives them. */
async function importable({ account, stackId }: AccountInUse): Promise<readonly Importable[]> {
  const { stateBackend } = account;
  const { resource } = JSON.parse(await readFile(path.join(folderOf(stackId), "cdk.tf.json"), "utf8"));
  const buckets = Object.entries<{ readonly bucket: string }>(resource.aws_s3_bucket);
  const roles = Object.entries<{ readonly name: string }>(resource.aws_iam_role);
  const [id] = buckets.find(([, { bucket }]) => bucket === stateBackend.bucket) ?? [];
  if (!id) throw new Error(`${stackId} has no bucket ${stateBackend.bucket}`);
  const existing: Importable[] = [{ type: "aws_s3_bucket", id, name: stateBackend.bucket }];
  for (const [roleId, { name }] of roles) {
    if (await isOwnRole(name)) existing.push({ type: "aws_iam_role", id: roleId, name });
  }
  return existing;
}

/** Checks the tags. A role of that name without them is somebody else's: it is not imported, and Terraform reports it. */
async function isOwnRole(RoleName: string): Promise<boolean> {
  const iam = new IAMClient({ region: environments[0].region });
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
 * Terraform shows the changes, and asks. It is run directly because cdktf ends on Ctrl-C before Terraform has released
 * the lock.
 */
async function deploy(stackId: string, terraform: string, yes: boolean): Promise<void> {
  const child = spawn(terraform, ["apply", ...(yes ? ["-auto-approve"] : [])], {
    cwd: folderOf(stackId),
    stdio: "inherit",
  });
  // Terraform gets Ctrl-C from the terminal, but SIGTERM reaches only this process.
  process.once("SIGTERM", () => child.kill("SIGINT"));
  const [exitCode] = await once(child, "exit");
  if (interrupted) throw new Error("interrupted");
  if (exitCode !== 0) throw new UserError(`${stackId} was not deployed: ${again}`);
}

function folderOf(stackId: string): string {
  return path.resolve("cdktf.out/stacks", stackId);
}

async function answerOf<T>(answer: Promise<T>, failure: string): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new UserError(`${failure}: ${awsFailure(cause)}`, { cause });
  }
}

void main();
