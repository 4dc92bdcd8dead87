import { nameOf } from "./caller";
import type { Decision, NearMiss, PolicyType } from "./evaluate";
import type { Condition, Statement } from "./policy";
import type { Request } from "./statement";

const names: Readonly<Record<PolicyType, string>> = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  boundary: "permissions boundary",
  session: "session policy",
};

/** The message of AWS's AccessDenied errors, as in "Troubleshoot access denied error messages" in the IAM user guide. */
export function accessDeniedMessage({ caller, action, resource }: Request, decision: Decision): string {
  const on = resource === "*" ? "" : ` on resource: ${resource}`;
  return `User: ${nameOf(caller)} is not authorized to perform: ${action}${on} ${reason(action, decision)}`;
}

function reason(action: string, { by, lacking }: Decision): string {
  if (by) {
    const article = by.type === "identity" ? "an" : "a";
    return `with an explicit deny in ${article} ${names[by.type]}`;
  }
  return `because no ${names[lacking ?? "identity"]} allows the ${action} action`;
}

/** Why a request is allowed or denied, in one sentence: which statement decides, or which grant is missing. */
export function explain({ action, resource }: Request, decision: Decision): string {
  const { outcome, by, lacking, nearMisses } = decision;
  const statement = by && `${titleOf(by.statement)} of ${by.policy} (${names[by.type]})`;
  if (outcome === "unknown") return `${statement ?? "the policies"} depends on a value that is not known`;
  if (outcome === "allow") return `allowed by ${statement ?? "no policy: this caller or action needs none"}`;
  if (outcome === "explicit-deny") return `denied by ${statement}`;
  const missing = `no ${names[lacking ?? "identity"]} allows ${action} on ${resource}`;
  const [closest] = [...nearMisses].sort((left, right) => distance(left) - distance(right));
  return closest ? `${missing}; ${difference(closest)}` : missing;
}

function distance({ match }: NearMiss): number {
  return [match.resource, match.principal, match.conditions].filter((value) => value === false).length;
}

function difference({ statement, policy, match }: NearMiss): string {
  const title = `${titleOf(statement)} of ${policy}`;
  if (match.resource === false) {
    const { values = [], inverted = false } = statement.resources ?? {};
    return `${title} allows it on ${inverted ? "everything except " : ""}${values.join(", ")}`;
  }
  if (match.principal === false) return `${title} allows it to others`;
  return `${title} allows it only if ${match.failed.map(showCondition).join(" and ")}`;
}

function showCondition({ operator, key, values }: Condition): string {
  return `${operator.name} ${key} ${values.join(" or ")}`;
}

function titleOf({ sid, index }: Statement): string {
  return sid ? `statement ${sid}` : `statement ${index + 1}`;
}
