import type { TerraformState } from "../lib/terraform-state";

export type StateResource = TerraformState["resources"][number];
export type StateInstance = StateResource["instances"][number];

export interface ManagedInstance {
  readonly resource: StateResource;
  readonly instance: StateInstance;
}

/** Everything on AWS that a state manages. Terraform's own resources exist in the state only. */
export function managedInstances(state: TerraformState): readonly ManagedInstance[] {
  return state.resources
    .filter(({ mode, type }) => mode === "managed" && type.startsWith("aws_"))
    .flatMap((resource) => resource.instances.map((instance) => ({ resource, instance })));
}

export function addressOf({ type, name }: StateResource): string {
  return `${type}.${name}`;
}
