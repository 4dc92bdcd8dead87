import { callersPath } from "../../../packages/laptop/callers";
import type { Denial } from "../../../packages/laptop/denial";
import { say } from "../../../packages/terminal/progress";
import { mustRun } from "../../../packages/terminal/run-command";
import { readTerraformState } from "../../lib/terraform-state";
import type { GrantCatalog } from "./grant-catalog";
import { remedyOf } from "./remedy";

const policies = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  boundary: "permissions boundary",
  session: "session policy",
} as const;

/** Tells the developer about denied calls of a stack: one line each, with the change that would allow the call. */
export class DeniedCalls {
  private catalog: Promise<GrantCatalog> | undefined;

  constructor(private readonly stackId: string) {}

  async tell(denial: Denial): Promise<void> {
    // These callers exist to be refused, and see it in the response.
    if (denial.principal.includes(`:user${callersPath}`)) return;
    const remedy = await this.remedy(denial).catch(() => undefined);
    say(`✗ denied: ${describeDenial(denial)}${remedy ? `. To allow it: ${remedy}` : ""}`);
  }

  private async remedy(denial: Denial): Promise<string | undefined> {
    this.catalog ??= listGrants(this.stackId);
    const state = await readTerraformState(this.stackId);
    return state && remedyOf(denial, await this.catalog, state);
  }
}

/** Who was denied what, in which request, and by which policy. */
export function describeDenial(denial: Denial): string {
  const { principal, role, action, resource, explicit, policyType, policy, statement, source, during } =
    denial;
  const session = principal.split("/").at(-1);
  const caller = role ? `${session} with the role ${role.split("/").at(-1)}` : principal;
  const circumstances = [source && ` for ${source}`, during && ` in ${during}`].filter(Boolean).join("");
  const why = explicit
    ? `${statement} of ${policy} denies it`
    : `no ${policies[policyType]} allows it${denial.almost ? ` (${denial.almost})` : ""}`;
  return `${caller} may not ${action} on ${resource}${circumstances}: ${why}`;
}

async function listGrants(stackId: string): Promise<GrantCatalog> {
  const output = await mustRun(
    process.execPath,
    ["scripts/run.mjs", "scripts/start/denied/list-grants.ts", stackId],
    { failure: "the stack's grants cannot be listed:" },
  );
  return JSON.parse(output.trimEnd().split("\n").at(-1) ?? "");
}
