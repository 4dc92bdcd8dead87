import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";

/**
 * Waits, once for each role that is created, until every part of AWS knows the role: IAM is eventually consistent. Use
 * this for a resource whose creation fails if a service cannot assume the role yet, and is not retried. A replaced role
 * has a new unique id, so the wait is repeated for it.
 *
 * The wait is a `sleep` on the machine that runs Terraform. It is meant to run while something slow is created.
 */
export class RolePropagation extends Construct {
  /** For the `dependsOn` of whatever needs the role. */
  readonly wait: TerraformResource;

  constructor(scope: Construct, id: string, { role }: { readonly role: IamRole }) {
    super(scope, id);
    // cdktf's own class for this resource runs Terraform in each synth, to ask for its version.
    this.wait = new TerraformResource(this, "wait", {
      terraformResourceType: "terraform_data",
      // IAM gives no limit. It usually takes a few seconds ("Changes that I make are not always immediately visible").
      provisioners: [{ type: "local-exec", command: "sleep 30" }],
    });
    this.wait.addOverride("triggers_replace", { role: role.uniqueId });
    promise(this.wait, "whoever needs the role waits for it", ["provisioner", "triggers_replace"]);
  }
}
