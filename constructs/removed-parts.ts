import { createHash } from "node:crypto";
import { SsmParameter, type SsmParameterConfig } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Lazy, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { namingOf } from "./naming";

export interface RemovedPartsProps {
  /** Name of the API, without prefix and environment suffix. */
  readonly apiName: string;
  /** The resources in the API's deployment snapshot. Read when the stack is written. */
  readonly parts: () => readonly TerraformResource[];
}

/**
 * Makes Terraform create another deployment of an API after a deployment that removed something, such as a route.
 *
 * Terraform destroys a removed resource only after it has created the new deployment, so that deployment still serves
 * it. An SSM parameter holds the parts of the last deployment. `before` reads it as it was before Terraform runs, and
 * `after` writes it once the new deployment exists. The parts that are only in `before` are a trigger of the
 * deployment. They are present in the run that removes something and absent from the next run, which therefore creates
 * another deployment. A run that only adds or changes something does not need a second run.
 */
export class RemovedParts extends Construct {
  /** For the deployment's `triggers`: hashes of the parts that the last deployment had and this one does not. */
  readonly trigger: string;
  private readonly before: SsmParameter;
  private readonly parameter: SsmParameterConfig;

  constructor(scope: Construct, id: string, props: RemovedPartsProps) {
    super(scope, id);
    const { application, environment } = namingOf(this);
    const parts = Lazy.stringValue({ produce: () => hashesOf(props.parts()).join(",") });
    this.parameter = {
      name: `/${application}/${environment}/${props.apiName}-snapshot`,
      description: "Parts of the API's last deployment",
      type: "String",
      insecureValue: parts,
    };
    this.before = new SsmParameter(this, "before", {
      ...this.parameter,
      lifecycle: { ignoreChanges: ["insecure_value"] },
    });
    promise(this.before, "it remembers what the last deployment served", [
      "name",
      "type",
      "insecure_value",
      "lifecycle.ignore_changes",
    ]);
    this.trigger = `\${join(",", setsubtract(split(",", ${this.before.fqn}.insecure_value), split(",", "${parts}")))}`;
  }

  /** @param deployment what must exist before the parameter is written */
  writeAfter(deployment: TerraformResource): void {
    const after = new SsmParameter(this, "after", {
      ...this.parameter,
      overwrite: true,
      dependsOn: [deployment, this.before],
    });
    promise(after, "it remembers what this deployment serves", [
      "name",
      "type",
      "insecure_value",
      "overwrite",
    ]);
  }
}

/** 8 digits identify a part. A standard parameter has room for 455 of them. */
function hashesOf(parts: readonly TerraformResource[]): string[] {
  return parts.map(({ friendlyUniqueId, terraformResourceType }) =>
    createHash("sha256").update(`${terraformResourceType}.${friendlyUniqueId}`).digest("hex").slice(0, 8),
  );
}
