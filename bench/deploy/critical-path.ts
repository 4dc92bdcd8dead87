import type { TerraformState } from "../../scripts/lib/terraform-state";

/** One resource and when it was made, in seconds from the command's start. */
export interface Timed {
  readonly address: string;
  readonly started: number;
  readonly ended: number;
}

/**
 * The chain that a deployment waited for: the resource that was finished last, before it the one of its dependencies
 * that was finished last, and so on.
 * @param state names each resource's dependencies, those of its dependencies included
 */
export function criticalPath(resources: readonly Timed[], state: TerraformState): readonly Timed[] {
  const path: Timed[] = [];
  let next = lastOf(resources);
  while (next) {
    path.unshift(next);
    const dependencies = dependenciesOf(next.address, state);
    next = lastOf(resources.filter(({ address }) => dependencies.has(address)));
  }
  return path;
}

function lastOf(resources: readonly Timed[]): Timed | undefined {
  return [...resources].sort((one, other) => other.ended - one.ended)[0];
}

function dependenciesOf(address: string, state: TerraformState): ReadonlySet<string> {
  const found = state.resources.filter(({ type, name }) => `${type}.${name}` === address);
  return new Set(
    found.flatMap(({ instances }) => instances.flatMap((instance) => instance.dependencies ?? [])),
  );
}
