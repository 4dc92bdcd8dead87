import type { ResourceChange, TerraformPlan } from "../../../scripts/plan-guard/terraform-plan";

export const planOf = (...changes: readonly ResourceChange[]): TerraformPlan => ({
  format_version: "1.2",
  resource_changes: changes,
});

/** A change to a part of an API, as a plan contains it. */
export function apiChange(
  type: string,
  name: string,
  actions: readonly string[],
  before: object | null,
  after: object | null,
): ResourceChange {
  const ofApi = (attributes: object | null) => attributes && { rest_api_id: "api1", ...attributes };
  const change = { actions, before: ofApi(before), after: ofApi(after) };
  return { address: `${type}.${name}`, mode: "managed", type, change };
}
