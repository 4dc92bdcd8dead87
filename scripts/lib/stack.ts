import { UserError } from "../../packages/terminal/user-error";
import {
  application,
  type Environment,
  environments,
  previews,
  stateBackend,
} from "../../stacks/environments";
import { awsFailure } from "./aws-failure";
import { outputsOf, readTerraformState, type TerraformState } from "./terraform-state";

/** A stack as it is deployed: what every command that looks at a deployment begins with. */
export interface DeployedStack {
  readonly id: string;
  readonly state: TerraformState;
  /** Without the stack's name that Terraform's own have in front. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Ids of the stacks that the app has: every environment's, and the account's. */
export function stackIds(): readonly string[] {
  return [...[...environments, ...previews()].map(({ name }) => `${name}-stack`), "account-stack"];
}

/** @throws UserError, exit code 2, where the state cannot be read or says that nothing is deployed */
export async function readStack(id: string): Promise<DeployedStack> {
  const failed = (problem: string, cause?: unknown) => new UserError(problem, { cause, exitCode: 2 });
  let state: TerraformState | undefined;
  try {
    state = await readTerraformState(id);
  } catch (error) {
    throw failed(
      `the state of ${id} cannot be read from ${stateBackend.bucket}: ${awsFailure(error)}`,
      error,
    );
  }
  if (!state) {
    const known = stackIds().includes(id)
      ? `deploy it first (npx cdktf deploy ${id}), or look whether these credentials are of its account`
      : `the app has ${stackIds().join(", ")}`;
    throw failed(`${id} has no state in ${stateBackend.bucket}: ${known}`);
  }
  if (state.resources.length === 0) throw failed(`${id} is not deployed: its state is empty`);
  return { id, state, outputs: outputsOf(id, state) };
}

/**
 * What environments.ts says of a stack's environment.
 * @throws UserError, exit code 2, where it says nothing
 */
export function environmentOf(stackId: string): Environment {
  const name = stackId.replace(/-stack$/, "");
  const all: readonly Environment[] = [...environments, ...previews()];
  const found = all.find((environment) => environment.name === name);
  if (found) return found;
  throw new UserError(
    `${stackId} is no environment of ${application.name}: there are ${all.map((known) => `${known.name}-stack`).join(", ")}; a preview's is known with PREVIEW=${name}`,
    { exitCode: 2 },
  );
}
