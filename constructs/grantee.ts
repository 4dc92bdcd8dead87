import type { ITerraformDependable } from "cdktf";
import type { PolicyStatement } from "./policy-document";

/** Something with an IAM role that can be given permissions, for example a function. */
export interface Grantee {
  /**
   * Adds a statement to the role's policy.
   * @returns what a resource must depend on if AWS checks the permission when that resource is created
   */
  addToRolePolicy(statement: PolicyStatement): ITerraformDependable;
}
