import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { runCommand } from "../../packages/terminal/run-command";
import { UserError } from "../../packages/terminal/user-error";
import { type SynthesizedTemplates, withPolicyTemplates } from "./policy-templates";
import { readPlan } from "./read-plan";
import type { TerraformPlan } from "./terraform-plan";

export interface PlanRequest {
  readonly stack: string;
  /** Contains the stack's `cdk.tf.json`. The plan is written there as `plan`. */
  readonly folder: string;
  /** `terraform`, or `tofu`. */
  readonly terraform: string;
  /** Where a Terraform command's full output is kept. */
  readonly logFile: (command: string) => string;
  /** @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the state is locked while the plan is made. @default true */
  readonly lock?: boolean;
}

export interface MadePlan {
  readonly plan: TerraformPlan;
  /**
   * Whether Terraform refused the plan because of a `prevent_destroy`. This plan was then made without that setting,
   * and its file was deleted.
   */
  readonly prevented: boolean;
}

/** @throws UserError, exit code 2, with Terraform's own error, if it cannot plan */
export async function makePlan(request: PlanRequest): Promise<MadePlan> {
  const kept = path.join(request.folder, "plan");
  await rm(kept, { force: true });
  await initialize(request);
  const { exitCode, output } = await runCommand(request.terraform, planArguments(request, "plan"), {
    ...options(request),
    logFile: request.logFile("plan"),
  });
  if (exitCode === 0) return { plan: await shownPlan(request, "plan"), prevented: false };
  // Terraform writes a plan file even if planning failed half-way.
  await rm(kept, { force: true });
  if (!output.includes("Instance cannot be destroyed")) throw failed(request, "plan", output);
  return { plan: await planUnprotected(request), prevented: true };
}

/** Reads a plan file in the folder where it was made. */
export async function shownPlan(
  { terraform, folder, env = process.env }: Pick<PlanRequest, "terraform" | "folder" | "env">,
  file: string,
): Promise<TerraformPlan> {
  try {
    const { stdout } = await promisify(execFile)(terraform, ["show", "-json", file], {
      cwd: folder,
      env: { ...env, CHECKPOINT_DISABLE: "1" },
      maxBuffer: 1_000_000_000,
    });
    return withPolicyTemplates(readPlan(stdout, file), await templatesIn(folder));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const said = `${(error as { stderr?: string }).stderr ?? error}`.trim();
    throw new UserError(`${terraform} show cannot read ${file} in ${folder}:\n${indented(said)}`, {
      cause: error,
      exitCode: 2,
    });
  }
}

/** @returns none for a plan whose folder is not a synthesized stack's */
async function templatesIn(folder: string): Promise<SynthesizedTemplates> {
  try {
    return JSON.parse(await readFile(path.join(folder, "cdk.tf.json"), "utf8"));
  } catch {
    return {};
  }
}

/** Terraform does not show a plan that it refuses. So the plan is made again without `prevent_destroy`. */
async function planUnprotected(request: PlanRequest): Promise<TerraformPlan> {
  const file = path.join(request.folder, "unprotected_override.tf.json");
  const { resource = {} }: { resource?: Resources } = JSON.parse(
    await readFile(path.join(request.folder, "cdk.tf.json"), "utf8"),
  );
  // Terraform rejects a type without a resource.
  const unprotected: Record<string, object> = {};
  for (const [type, byId] of Object.entries(resource)) {
    for (const [id, { lifecycle }] of Object.entries(byId)) {
      if (!lifecycle?.prevent_destroy) continue;
      unprotected[type] = { ...unprotected[type], [id]: { lifecycle: { prevent_destroy: false } } };
    }
  }
  try {
    await writeFile(file, JSON.stringify({ resource: unprotected }));
    const { exitCode, output } = await runCommand(
      request.terraform,
      planArguments(request, "unprotected-plan"),
      {
        ...options(request),
        logFile: request.logFile("plan"),
      },
    );
    if (exitCode !== 0) throw failed(request, "plan", output);
    return await shownPlan(request, "unprotected-plan");
  } finally {
    // Nobody must be able to apply this plan.
    await rm(file, { force: true });
    await rm(path.join(request.folder, "unprotected-plan"), { force: true });
  }
}

type Resources = Readonly<
  Record<string, Readonly<Record<string, { readonly lifecycle?: { readonly prevent_destroy?: boolean } }>>>
>;

async function initialize(request: PlanRequest): Promise<void> {
  const { exitCode, output } = await runCommand(request.terraform, ["init", "-input=false", "-no-color"], {
    ...options(request),
    logFile: request.logFile("init"),
  });
  if (exitCode !== 0) throw failed(request, "init", output);
}

function planArguments({ lock = true }: PlanRequest, out: string): string[] {
  return ["plan", "-input=false", "-no-color", `-out=${out}`, `-lock=${lock}`, "-lock-timeout=60s"];
}

function options({ folder, env = process.env }: PlanRequest): { cwd: string; env: NodeJS.ProcessEnv } {
  return { cwd: folder, env: { ...env, CHECKPOINT_DISABLE: "1" } };
}

function failed({ stack, logFile }: PlanRequest, command: string, output: string): UserError {
  const from = output.indexOf("Error: ");
  const said = output
    .slice(Math.max(from, 0))
    .split("\n")
    .map((line) => line.replace(/^[│╵╷]\s?/, "").slice(0, 200))
    .filter((line) => line.trim())
    .slice(0, 20)
    .join("\n");
  return new UserError(
    `${stack} cannot be planned: terraform ${command} failed.\n${indented(said)}\nFull output: ${path.relative(process.cwd(), logFile(command))}`,
    { exitCode: 2 },
  );
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
