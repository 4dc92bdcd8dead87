import { actionsOf } from "../../../packages/guardrails/iam-actions";
import { actionCovers } from "../../../packages/iam/coverage";
import type { Grant } from "./policy-document";

/**
 * A grant of each action that a pattern such as `dynamodb:*Item` matches, so that a reviewer sees the actions themselves.
 * All actions of a service, and patterns that match none or are about several services, stay as they are.
 */
export function expandedActions(grant: Grant): readonly Grant[] {
  const [, service = "", name = ""] = /^([\w-]+):(.*[*?].*)$/.exec(grant.action) ?? [];
  if (name === "" || name === "*") return [grant];
  const actions = [...(actionsOf(service)?.values() ?? [])]
    .map((action) => `${service}:${action.name}`)
    .filter((action) => actionCovers(grant.action, action));
  return actions.length > 0 ? actions.map((action) => ({ ...grant, action })) : [grant];
}
