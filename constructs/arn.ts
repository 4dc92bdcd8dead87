import { Fn } from "cdktf";

/**
 * The account id in an ARN that Terraform knows only later.
 *
 * From the ARN of a resource of the same stack it is right wherever the stack is deployed, and costs no call to AWS,
 * unlike a data source, whose call fails where a plan has no credentials.
 */
export function accountIdOf(arn: string): string {
  return partOf(arn, 4);
}

/** The Region in an ARN that Terraform knows only later. */
export function regionOf(arn: string): string {
  return partOf(arn, 3);
}

function partOf(arn: string, index: number): string {
  return `${Fn.element(Fn.split(":", arn), index)}`;
}
