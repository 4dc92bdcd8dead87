import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { TerraformOutput, type TerraformStack } from "cdktf";
import { namingOf } from "../constructs/naming";
import { promise } from "../packages/guardrails/promise";

/**
 * Publishes values of a stack twice: as Terraform outputs, whose names start with the stack's name so that the outputs
 * of several stacks fit in one list; and as SSM parameters `/<application>/<environment>/<name>`, for other teams' stacks.
 */
export function addOutputs(stack: TerraformStack, outputs: Readonly<Record<string, string>>): void {
  const { application, environment } = namingOf(stack);
  for (const [name, value] of Object.entries(outputs)) {
    const output = new TerraformOutput(stack, `${stack.node.id}-${name}`, { value, staticId: true });
    const parameter = new SsmParameter(stack, `parameter-${name}`, {
      name: `/${application}/${environment}/${name}`,
      description: `Output ${name} of ${stack.node.id}`,
      type: "String",
      value,
    });
    promise(output, "commands read it", [`output.${output.friendlyUniqueId}.value`]);
    promise(parameter, "other teams' stacks read it", ["name", "type", "value"]);
  }
}
