import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { findTerraform } from "../local/requirements";
import { stateBackend } from "../stacks/environments";
import { say, step } from "./lib/progress";
import { mustRun } from "./lib/run-command";
import { ensureStateBucket } from "./lib/state-bucket";
import { readTerraformState } from "./lib/terraform-state";
import { UserError } from "./lib/user-error";

const usage = `npm run bootstrap [-- --yes]

Prepares an AWS account and Region, once: makes the bucket of Terraform's state where it is not there yet, records it
in account-stack's own state, and deploys account-stack, which asks before it changes anything unless told --yes.
It may be run again at any time.`;

const cdktf = path.resolve("node_modules/.bin/cdktf");
const stackFolder = path.resolve("cdktf.out/stacks/account-stack");

async function main(): Promise<void> {
  const options = process.argv.slice(2);
  if (options.includes("--help")) {
    say(usage);
    return;
  }
  const unknown = options.find((option) => option !== "--yes");
  if (unknown) throw new UserError(`unknown option ${unknown}\n\n${usage}`);

  const { binary } = await findTerraform();
  await step(`bucket ${stateBackend.bucket} in ${stateBackend.region}`, ensureStateBucket);
  await step("synthesize", () => mustRun(cdktf, ["synth"], { failure: "the stacks cannot be synthesized:" }));
  await step("record the bucket in account-stack's state", () => importStateBucket(binary));
  const deploy = spawn(cdktf, ["deploy", "account-stack", ...(options.length ? ["--auto-approve"] : [])], {
    stdio: "inherit",
  });
  const [exitCode] = await once(deploy, "exit");
  if (exitCode !== 0) {
    throw new UserError(
      "account-stack is not deployed: mend what cdktf says and run npm run bootstrap again",
    );
  }
}

/** The bucket is there before the state that records it, so it is imported, not created. */
async function importStateBucket(terraform: string): Promise<void> {
  const run = (...commandArguments: string[]) =>
    mustRun(terraform, commandArguments, {
      cwd: stackFolder,
      failure: `terraform ${commandArguments[0]} failed for account-stack: mend what it says and run npm run bootstrap again.`,
    });
  await run("init", "-input=false", "-no-color");
  const id = await stateBucketId();
  const state = await readTerraformState("account-stack");
  if (state?.resources.some(({ type, name }) => type === "aws_s3_bucket" && name === id)) return;
  await run("import", "-input=false", "-no-color", `aws_s3_bucket.${id}`, stateBackend.bucket);
}

async function stateBucketId(): Promise<string> {
  const { resource } = JSON.parse(await readFile(path.join(stackFolder, "cdk.tf.json"), "utf8"));
  const buckets = Object.entries<{ bucket: string }>(resource.aws_s3_bucket);
  const [id] = buckets.find(([, { bucket }]) => bucket === stateBackend.bucket) ?? [];
  if (!id) throw new Error(`account-stack has no bucket ${stateBackend.bucket}`);
  return id;
}

void main();
