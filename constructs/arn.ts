import { Fn, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

/**
 * The account id in an ARN that Terraform knows only later.
 *
 * From the ARN of a resource of the same stack it is right wherever the stack is deployed, and costs no call to AWS,
 * unlike a data source, whose call fails where a plan has no credentials. It is a local value, so that a policy that
 * names it is plain JSON. Once for each `scope`.
 */
export function accountIdOf(scope: Construct, arn: string): string {
  return partOf(scope, "account-id", arn, 4);
}

/** The Region in an ARN that Terraform knows only later. Once for each `scope`. */
export function regionOf(scope: Construct, arn: string): string {
  return partOf(scope, "region", arn, 3);
}

function partOf(scope: Construct, id: string, arn: string, index: number): string {
  return new TerraformLocal(scope, id, Fn.element(Fn.split(":", arn), index)).asString;
}
