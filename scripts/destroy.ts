import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { findTerraform } from "../packages/laptop/set-up/requirements";
import { readArguments } from "../packages/terminal/command-line";
import { confirmed } from "../packages/terminal/confirmed";
import { onInterrupt } from "../packages/terminal/on-interrupt";
import { say, step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { textTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import type { Environment } from "../stacks/environments";
import { type Protection, protectionsInState, protectionsOnAws } from "./destroy/protections";
import { awsFailure } from "./lib/aws-failure";
import { accountStackIds, type DeployedStack, environmentOf, readStack } from "./lib/stack";

const usage = `npm run destroy -- <stack> [--yes]

Destroys an environment, unless something in it is protected. It looks for protection in stacks/environments.ts, in
Terraform's state and on AWS, and stops before anything is deleted if it finds any. A bare cdktf destroy would delete the
API and the functions first, and then fail at the table. It shows you what Terraform will delete, and asks; --yes skips the
question.

Exit codes: 0 if everything was destroyed, 1 if it was refused or failed, 2 if it could not start, 130 after Ctrl-C.`;

/** Below the stack's folder in cdktf.out. */
const planFile = "destroy.plan";

let interrupted = false;
let deleting = false;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["yes"], positionals: ["<stack>"] });
  if (!given) return;
  const [id = ""] = given.positionals;
  if (accountStackIds().includes(id)) {
    throw new UserError(
      `${id} holds the state of every stack in its account, so this command does not destroy it: destroy the environments, then delete its resources by hand`,
      { exitCode: 2 },
    );
  }
  const environment = environmentOf(id);
  const stack = await readStack(id);
  await refuseIfProtected(stack, environment);
  if (!given.flags.yes && !process.stdin.isTTY) {
    throw new UserError("there is no terminal to ask on: run it in a terminal, or with --yes", {
      exitCode: 2,
    });
  }
  onInterrupt(() => {
    interrupted = true;
    const finishing = deleting ? "Terraform finishes what it is deleting" : "finishing the current step";
    say(`\n· interrupted: ${finishing}; press Ctrl-C again to stop immediately`);
  });
  try {
    await destroy(id, given.flags.yes);
  } catch (cause) {
    if (!interrupted) throw cause;
    const left = deleting ? `npm run destroy -- ${id} continues from here` : "nothing was deleted";
    throw new UserError(`interrupted: ${left}`, { cause, exitCode: 130 });
  }
}

/** @throws UserError, exit code 1, if anything is protected; exit code 2 if that cannot be read */
async function refuseIfProtected(stack: DeployedStack, environment: Environment): Promise<void> {
  const dynamoDb = new DynamoDBClient({ region: environment.region });
  const onAws = await protectionsOnAws(stack.state, dynamoDb).catch((cause: unknown) => {
    throw new UserError(`the protection of ${stack.id}'s tables cannot be read: ${awsFailure(cause)}`, {
      cause,
      exitCode: 2,
    });
  });
  dynamoDb.destroy();
  const found = [...protectionsInState(stack.state), ...onAws];
  if (found.length === 0 && !environment.deletionProtection) return;
  throw new UserError(refusal(stack.id, environment, found));
}

function refusal(id: string, environment: Environment, found: readonly Protection[]): string {
  const inProgram = environment.deletionProtection;
  const lines = [
    ...(inProgram ? [[environment.name, "stacks/environments.ts", "deletionProtection is true"]] : []),
    ...found.map(({ address, name, why }) => [name, address, why]),
  ];
  const change = inProgram ? `set deletionProtection: false for ${environment.name}, ` : "";
  return [
    `${id} is protected, so nothing was deleted:`,
    ...textTable(lines)
      .split("\n")
      .map((line) => `  ${line}`),
    `Destroying it loses its data. If that is intended, ${change}deploy it unprotected first (npx cdktf deploy ${id}), and run npm run destroy -- ${id} again`,
  ].join("\n");
}

/**
 * Plans, asks, and applies exactly that plan. Terraform is run directly, because cdktf ends on Ctrl-C before Terraform has
 * released the lock.
 */
async function destroy(id: string, yes: boolean): Promise<void> {
  const { binary } = await findTerraform();
  const cwd = path.resolve("cdktf.out/stacks", id);
  await stage("synthesize", () =>
    mustRun(process.execPath, ["scripts/run.mjs", "main.ts"], { failure: "synthesizing the stacks failed:" }),
  );
  await stage("terraform init", () =>
    mustRun(binary, ["init", "-input=false", "-no-color"], {
      cwd,
      failure: `${id} cannot be destroyed: terraform init failed.`,
    }),
  );
  try {
    await terraform(
      binary,
      ["plan", "-destroy", "-input=false", `-out=${planFile}`],
      cwd,
      `nothing was deleted, because the deletion of ${id} cannot be planned`,
    );
    if (!yes && !(await confirmed(`Destroy ${id} and its data?`))) {
      throw new UserError("nothing was deleted");
    }
    deleting = true;
    await terraform(
      binary,
      ["apply", "-input=false", planFile],
      cwd,
      `${id} was not destroyed completely: fix Terraform's error, and run npm run destroy -- ${id} again`,
    );
  } finally {
    await rm(path.join(cwd, planFile), { force: true });
  }
  say(`✓ ${id} is destroyed`);
}

async function stage(name: string, work: () => Promise<unknown>): Promise<void> {
  await step(name, work);
  stopIfInterrupted();
}

/** Shows Terraform's own output. @throws UserError with this message if it fails */
async function terraform(
  binary: string,
  given: readonly string[],
  cwd: string,
  failure: string,
): Promise<void> {
  const child = spawn(binary, given, { cwd, stdio: "inherit" });
  // Terraform gets Ctrl-C from the terminal, but SIGTERM reaches only this process.
  const passOn = () => child.kill("SIGINT");
  process.once("SIGTERM", passOn);
  const [exitCode] = await once(child, "exit");
  process.off("SIGTERM", passOn);
  stopIfInterrupted();
  if (exitCode !== 0) throw new UserError(failure);
}

function stopIfInterrupted(): void {
  if (interrupted) throw new Error("interrupted");
}

void main();
