import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { findTerraform } from "../../packages/laptop/set-up/requirements";
import { mustRun } from "../../packages/terminal/run-command";
import { UserError } from "../../packages/terminal/user-error";
import type { TerraformState } from "../lib/terraform-state";
import type { Clients } from "../verify/clients";
import { asPlannedFindings, type PathOf } from "./as-planned";
import type { DriftFinding } from "./drift-finding";
import { nothingBesideFindings } from "./nothing-beside";
import { type ProviderConfiguration, refreshState } from "./refresh-state";

export interface StackToJudge {
  readonly id: string;
  readonly state: TerraformState;
}

/** The stack as the program has it. What is not deployed yet makes no difference: only names and the provider are used. */
export interface SynthesizedStack extends ProviderConfiguration {
  readonly resource?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly "//"?: { readonly metadata?: { readonly path: string } } }>>
    >
  >;
}

/** @throws UserError if the program does not synthesize */
export async function synthesizedStack(id: string): Promise<SynthesizedStack> {
  const root = path.join(folders.root, "drift");
  await mkdir(root, { recursive: true });
  const outdir = await mkdtemp(path.join(root, "out-"));
  try {
    await mustRun(process.execPath, ["scripts/run.mjs", "main.ts"], {
      env: { ...process.env, CDKTF_OUTDIR: outdir },
      failure: "synthesizing the stacks failed:",
    });
    return JSON.parse(await readFile(path.join(outdir, "stacks", id, "cdk.tf.json"), "utf8"));
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

/** Compares what is live with Terraform's state, and looks for what is attached from outside. It changes nothing. */
export async function findDrift(
  { id, state }: StackToJudge,
  synthesized: SynthesizedStack,
  clients: Clients,
  signal?: AbortSignal,
): Promise<readonly DriftFinding[]> {
  const pathOf = pathsOf(id, synthesized);
  const { binary: terraform } = await findTerraform();
  const [planned, beside] = await Promise.all([
    refreshState({ stack: id, state, configuration: synthesized, terraform, signal }).then(
      (refreshed) => asPlannedFindings(state, refreshed, pathOf),
      unjudged,
    ),
    nothingBesideFindings(state, clients, pathOf),
  ]);
  return [...planned, ...beside];
}

/** What Terraform cannot read hides nothing that the inventory finds. */
function unjudged(error: unknown): readonly DriftFinding[] {
  if (!(error instanceof UserError)) throw error;
  return [{ check: "as-planned/resources", verdict: "unchecked", detail: error.message }];
}

function pathsOf(id: string, { resource = {} }: SynthesizedStack): PathOf {
  const paths = new Map(
    Object.entries(resource).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, configuration]) => [
        `${type}.${name}`,
        configuration["//"]?.metadata?.path.replace(`${id}/`, ""),
      ]),
    ),
  );
  return (address) => paths.get(address) ?? address;
}
