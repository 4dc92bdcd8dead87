import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePoliciesExclusive } from "@cdktf/provider-aws/lib/iam-role-policies-exclusive";
import type { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { IamRolePolicyAttachmentsExclusive } from "@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";

export interface ExclusivePoliciesProps {
  readonly role: IamRole;
  /** The role's inline policies. @default none */
  readonly inline?: readonly IamRolePolicy[];
  /** The policies attached to the role. @default none */
  readonly attached?: readonly IamRolePolicyAttachment[];
}

/**
 * A role's complete list of policies. A plan shows any other that somebody gave the role by hand, and the next deployment
 * takes it away.
 */
export class ExclusivePolicies extends Construct {
  constructor(scope: Construct, id: string, { role, inline = [], attached = [] }: ExclusivePoliciesProps) {
    super(scope, id);
    const inlineOnly = new IamRolePoliciesExclusive(this, "inline", {
      roleName: role.name,
      policyNames: inline.map(({ name }) => name),
    });
    const attachedOnly = new IamRolePolicyAttachmentsExclusive(this, "attached", {
      roleName: role.name,
      policyArns: attached.map(({ policyArn }) => policyArn),
    });
    const because = "the role has these policies and no others";
    promise(inlineOnly, because, ["role_name", "policy_names"]);
    promise(attachedOnly, because, ["role_name", "policy_arns"]);
  }
}
