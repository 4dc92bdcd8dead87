import { Fn, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";

/**
 * The account id in an ARN that only Terraform knows. Call this once per `scope`.
 *
 * Taken from the ARN of a resource in the same stack, it is right wherever the stack is deployed. It also needs no call
 * to AWS, unlike a data source, which fails if a plan has no credentials. It is a local value, so a policy that contains
 * it stays plain JSON.
 */
export function accountIdOf(scope: Construct, arn: string): string {
  return partOf(scope, "account-id", arn, 4);
}

/** The Region in an ARN that only Terraform knows. Call this once per `scope`. */
export function regionOf(scope: Construct, arn: string): string {
  return partOf(scope, "region", arn, 3);
}

function partOf(scope: Construct, id: string, arn: string, index: number): string {
  const part = new TerraformLocal(scope, id, Fn.element(Fn.split(":", arn), index));
  promise(part, "policies name the account and the Region of the stack", [`locals.${part.friendlyUniqueId}`]);
  return part.asString;
}
