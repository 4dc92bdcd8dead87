import path from "node:path";
import { App, type TerraformStack } from "cdktf";
import { type CheckOptions, checkStack } from "./check-stack";
import { GuardrailError } from "./guardrail-error";
import type { TerraformJson } from "./stack-view";

/**
 * Rules that a stack must keep to be written at all: `Guardrails.apply(this)` in a stack's constructor, and every
 * `cdktf synth`, `cdktf deploy` and `Testing.synth` fails with one list of what is wrong, why, and what to write instead.
 *
 * The stack is checked as it is rendered. A cdktf validation would be skipped by `Testing.synth`, and an aspect would
 * come before other aspects and never see `stack.addOverride`: what Terraform reads is what counts.
 */
export const Guardrails = {
  /** Works for any stack, whatever it is made of. Resources that no rule knows pass. */
  apply(stack: TerraformStack, options: CheckOptions = {}): void {
    const render = stack.toTerraform.bind(stack);
    const renderHcl = stack.toHclTerraform.bind(stack);
    const checked = (): TerraformJson => {
      const rendered: TerraformJson = render();
      const { violations, suppressionProblems } = checkStack(rendered, options, (source) =>
        locate(stack, source),
      );
      if (violations.length + suppressionProblems.length > 0) {
        throw new GuardrailError(stack.node.path, violations, suppressionProblems);
      }
      return rendered;
    };
    stack.toTerraform = checked;
    stack.toHclTerraform = () => {
      checked();
      return renderHcl();
    };
  },
};

/** Where a file that Terraform finds in the stack's folder comes from: an asset is copied there later. */
function locate(stack: TerraformStack, terraformPath: string): string {
  for (const construct of stack.node.findAll()) {
    if (!("assetHash" in construct && "sourcePath" in construct && "path" in construct)) continue;
    // TerraformAsset keeps its source private, and has no static guard to be known by.
    const asset = construct as { readonly path: unknown; readonly sourcePath: unknown };
    if (asset.path === terraformPath) return path.resolve(`${asset.sourcePath}`);
  }
  const stackFolder = path.join(App.of(stack).outdir, "stacks", stack.node.id);
  return path.resolve(stackFolder, terraformPath);
}
