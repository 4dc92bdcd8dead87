import { UserError } from "../../packages/terminal/user-error";
import { accountsOf, allEnvironments, stateBackendOf } from "../../stacks/accounts";
import { application, type Environment } from "../../stacks/environments";
import { awsFailure } from "./aws-failure";
import { outputsOf, readTerraformState, type TerraformState } from "./terraform-state";

/** A deployed stack, as its state describes it. Every command about a deployment starts with this. */
export interface DeployedStack {
  readonly id: string;
  readonly state: TerraformState;
  /** By name, without the stack's name, with which Terraform's output names begin. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The ids of the app's stacks: one per environment, and one per account. */
export function stackIds(): readonly string[] {
  return [...allEnvironments().map(({ name }) => `${name}-stack`), ...accountStackIds()];
}

/** The ids of the stacks that have what exists once per account. */
export function accountStackIds(): readonly string[] {
  return accountsOf().map(({ stackId }) => stackId);
}

/** @throws UserError, exit code 2, if the state cannot be read, or if nothing is deployed */
export async function readStack(id: string): Promise<DeployedStack> {
  const { bucket } = stateBackendOf(id);
  const failed = (problem: string, cause?: unknown) => new UserError(problem, { cause, exitCode: 2 });
  let state: TerraformState | undefined;
  try {
    state = await readTerraformState(id);
  } catch (error) {
    throw failed(`the state of ${id} cannot be read from ${bucket}: ${awsFailure(error)}`, error);
  }
  if (!state) {
    const known = stackIds().includes(id)
      ? `deploy it first (npx cdktf deploy ${id}), or check that these credentials are for its account`
      : `the app has ${stackIds().join(", ")}`;
    throw failed(`${id} has no state in ${bucket}: ${known}`);
  }
  if (state.resources.length === 0) throw failed(`${id} is not deployed: its state is empty`);
  return { id, state, outputs: outputsOf(id, state) };
}

/**
 * A stack's environment, from environments.ts.
 * @throws UserError, exit code 2, if there is none
 */
export function environmentOf(stackId: string): Environment {
  const name = stackId.replace(/-stack$/, "");
  const all = allEnvironments();
  const found = all.find((environment) => environment.name === name);
  if (found) return found;
  throw new UserError(
    `${stackId} is not an environment of ${application.name}, which has ${all.map((known) => `${known.name}-stack`).join(", ")}. For a preview, set PREVIEW=${name}`,
    { exitCode: 2 },
  );
}
