import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { runCommand } from "../../packages/terminal/run-command";
import { UserError } from "../../packages/terminal/user-error";
import { readPlan } from "./read-plan";
import type { TerraformPlan } from "./terraform-plan";

export interface PlanPlace {
  readonly stack: string;
  /** With the stack's `cdk.tf.json`; the plan is left there as `plan`. */
  readonly folder: string;
  /** `terraform`, or `tofu`. */
  readonly terraform: string;
  /** Where all that a command of Terraform says is kept. */
  readonly logFile: (command: string) => string;
  /** @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the state is locked meanwhile. @default true */
  readonly lock?: boolean;
}

export interface MadePlan {
  readonly plan: TerraformPlan;
  /** Whether Terraform refused it for a `prevent_destroy`; the plan is what it would do without, and is not kept. */
  readonly prevented: boolean;
}

/** @throws UserError, exit code 2, with what Terraform says, where it cannot plan */
export async function makePlan(place: PlanPlace): Promise<MadePlan> {
  const kept = path.join(place.folder, "plan");
  await rm(kept, { force: true });
  await initialize(place);
  const { exitCode, output } = await runCommand(place.terraform, planArguments(place, "plan"), {
    ...options(place),
    logFile: place.logFile("plan"),
  });
  if (exitCode === 0) return { plan: await shownPlan(place, "plan"), prevented: false };
  // Terraform writes down as well what it could not plan in full.
  await rm(kept, { force: true });
  if (!output.includes("Instance cannot be destroyed")) throw failed(place, "plan", output);
  return { plan: await planUnprotected(place), prevented: true };
}

/** Reads a plan file, in the folder in which it was made. */
export async function shownPlan(
  { terraform, folder, env = process.env }: Pick<PlanPlace, "terraform" | "folder" | "env">,
  file: string,
): Promise<TerraformPlan> {
  try {
    const { stdout } = await promisify(execFile)(terraform, ["show", "-json", file], {
      cwd: folder,
      env: { ...env, CHECKPOINT_DISABLE: "1" },
      maxBuffer: 1_000_000_000,
    });
    return readPlan(stdout, file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const said = `${(error as { stderr?: string }).stderr ?? error}`.trim();
    throw new UserError(`${file} cannot be read by ${terraform} show in ${folder}:\n${indented(said)}`, {
      cause: error,
      exitCode: 2,
    });
  }
}

/** Terraform says nothing of a plan that it refuses: what it would do is asked without what protects resources. */
async function planUnprotected(place: PlanPlace): Promise<TerraformPlan> {
  const file = path.join(place.folder, "unprotected_override.tf.json");
  const { resource = {} }: { resource?: Resources } = JSON.parse(
    await readFile(path.join(place.folder, "cdk.tf.json"), "utf8"),
  );
  // A type without a resource would be no valid JSON for Terraform.
  const unprotected: Record<string, object> = {};
  for (const [type, byId] of Object.entries(resource)) {
    for (const [id, { lifecycle }] of Object.entries(byId)) {
      if (!lifecycle?.prevent_destroy) continue;
      unprotected[type] = { ...unprotected[type], [id]: { lifecycle: { prevent_destroy: false } } };
    }
  }
  try {
    await writeFile(file, JSON.stringify({ resource: unprotected }));
    const { exitCode, output } = await runCommand(place.terraform, planArguments(place, "unprotected-plan"), {
      ...options(place),
      logFile: place.logFile("plan"),
    });
    if (exitCode !== 0) throw failed(place, "plan", output);
    return await shownPlan(place, "unprotected-plan");
  } finally {
    // Neither may be applied.
    await rm(file, { force: true });
    await rm(path.join(place.folder, "unprotected-plan"), { force: true });
  }
}

type Resources = Readonly<
  Record<string, Readonly<Record<string, { readonly lifecycle?: { readonly prevent_destroy?: boolean } }>>>
>;

async function initialize(place: PlanPlace): Promise<void> {
  const { exitCode, output } = await runCommand(place.terraform, ["init", "-input=false", "-no-color"], {
    ...options(place),
    logFile: place.logFile("init"),
  });
  if (exitCode !== 0) throw failed(place, "init", output);
}

function planArguments({ lock = true }: PlanPlace, out: string): string[] {
  return ["plan", "-input=false", "-no-color", `-out=${out}`, `-lock=${lock}`, "-lock-timeout=60s"];
}

function options({ folder, env = process.env }: PlanPlace): { cwd: string; env: NodeJS.ProcessEnv } {
  return { cwd: folder, env: { ...env, CHECKPOINT_DISABLE: "1" } };
}

function failed({ stack, logFile }: PlanPlace, command: string, output: string): UserError {
  const from = output.indexOf("Error: ");
  const said = output
    .slice(Math.max(from, 0))
    .split("\n")
    .map((line) => line.replace(/^[│╵╷]\s?/, "").slice(0, 200))
    .filter((line) => line.trim())
    .slice(0, 20)
    .join("\n");
  return new UserError(
    `${stack} cannot be planned: terraform ${command} failed.\n${indented(said)}\nAll of it: ${path.relative(process.cwd(), logFile(command))}`,
    { exitCode: 2 },
  );
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
