import type { ResourceChange } from "./terraform-plan";

interface ApiResource {
  readonly parent_id?: string;
  readonly path_part?: string;
}

/**
 * Why API Gateway would reject a new path variable: its parent has another one, which Terraform destroys only later, if at
 * all. That is what a renamed variable looks like in a plan.
 * @returns undefined if it would not
 */
export function rejectionOf(
  { address, type, change }: ResourceChange,
  changes: readonly ResourceChange[],
): string | undefined {
  if (type !== "aws_api_gateway_resource") return undefined;
  const { parent_id: parent, path_part: part } = (change.after ?? {}) as ApiResource;
  const { path_part: previous } = (change.before ?? {}) as ApiResource;
  const isNew = change.actions.includes("create") || part !== previous;
  if (!isNew || !parent || !isVariable(part)) return undefined;
  const taken = changes
    .filter((other) => other.type === type && other.address !== address)
    .map((other) => (other.change.before ?? {}) as ApiResource)
    .find((other) => other.parent_id === parent && isVariable(other.path_part) && other.path_part !== part);
  return (
    taken &&
    `API Gateway rejects ${part} next to ${taken.path_part}: a path can have only one variable in each position. Keep the name ${taken.path_part}, or first deploy without the routes below it`
  );
}

function isVariable(part: string | undefined): boolean {
  return part?.startsWith("{") ?? false;
}
