import { everything, outcomeFor } from "../access/decide";
import { targetPolicies } from "../access/resource-policies";
import { arnOf } from "../access/symbolic-text";
import type { Resource } from "../stack-view";

/**
 * Whether a resource's policies deny an action to everyone who does not use TLS. True, too, if only Terraform knows.
 * @param part of the resource that the action is about, such as an object of a bucket
 */
export function deniesWithoutTls(resource: Resource, action: string, part = ""): boolean {
  const outcome = outcomeFor(
    resource,
    { action, resource: `${arnOf(resource)}${part}`, keys: { "aws:SecureTransport": "false" } },
    { identity: [everything], resource: targetPolicies(resource) },
  );
  return outcome === "explicit-deny" || outcome === "unknown";
}
