import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { findTerraform } from "../packages/laptop/set-up/requirements";
import { readArguments } from "../packages/terminal/command-line";
import { onInterrupt } from "../packages/terminal/on-interrupt";
import { say, step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { textTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import type { Environment } from "../stacks/environments";
import { type Protection, protectionsInState, protectionsOnAws } from "./destroy/protections";
import { awsFailure } from "./lib/aws-failure";
import { type DeployedStack, environmentOf, readStack } from "./lib/stack";

const usage = `npm run destroy -- <stack> [--yes]

Destroys an environment, unless something in it is protected. It looks for protection in stacks/environments.ts, in
Terraform's state and on AWS, and stops before anything is deleted if it finds any. A bare cdktf destroy would delete the
API and the functions first, and then fail at the table. Terraform shows you what it will delete, and asks; --yes skips
the question.

Exit codes: 0 if everything was destroyed, 1 if it was refused or failed, 2 if it could not start, 130 after Ctrl-C.`;

let interrupted = false;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["yes"], positionals: ["<stack>"] });
  if (!given) return;
  const [id = ""] = given.positionals;
  if (id === "account-stack") {
    throw new UserError(
      "account-stack holds the state of every stack in its account, so this command does not destroy it: destroy the environments, then delete its resources by hand",
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
    say("\n· interrupted: Terraform finishes what it is deleting; press Ctrl-C again to stop immediately");
  });
  await destroy(id, given.flags.yes);
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
    `Destroying it loses its data. If that is intended, ${change}deploy (npx cdktf deploy ${id}), and run npm run destroy -- ${id} again`,
  ].join("\n");
}

/** Terraform is run directly, because cdktf ends on Ctrl-C before Terraform has released the lock. */
async function destroy(id: string, yes: boolean): Promise<void> {
  const { binary } = await findTerraform();
  const cwd = path.resolve("cdktf.out/stacks", id);
  await step("synthesize", () =>
    mustRun(process.execPath, ["scripts/run.mjs", "main.ts"], { failure: "synthesizing the stacks failed:" }),
  );
  await step("terraform init", () =>
    mustRun(binary, ["init", "-input=false", "-no-color"], {
      cwd,
      failure: `${id} cannot be destroyed: terraform init failed.`,
    }),
  );
  const child = spawn(binary, ["destroy", ...(yes ? ["-auto-approve"] : [])], { cwd, stdio: "inherit" });
  // Terraform gets Ctrl-C from the terminal, but SIGTERM reaches only this process.
  process.once("SIGTERM", () => child.kill("SIGINT"));
  const [exitCode] = await once(child, "exit");
  if (interrupted) {
    throw new UserError(`interrupted: npm run destroy -- ${id} continues from here`, { exitCode: 130 });
  }
  if (exitCode !== 0) {
    throw new UserError(
      `${id} was not destroyed completely: fix Terraform's error, and run npm run destroy -- ${id} again`,
    );
  }
  say(`✓ ${id} is destroyed`);
}

void main();
