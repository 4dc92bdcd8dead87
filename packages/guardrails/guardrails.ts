import path from "node:path";
import { App, type TerraformStack } from "cdktf";
import { type CheckOptions, checkStack } from "./check-stack";
import { GuardrailError } from "./guardrail-error";
import { promise, promisesOf, type StackPromise } from "./promise";
import { asRecord, type TerraformJson } from "./stack-view";

/**
 * Rules that a stack must pass before its JSON is written. Call `Guardrails.apply(this)` in a stack's constructor. From
 * then on, a stack that breaks a rule fails `cdktf synth`, `cdktf deploy` and `Testing.synth`, with one list of what is
 * wrong, why, and how to fix it.
 *
 * The check runs when the stack is rendered, on the JSON that Terraform will read. `Testing.synth` skips cdktf
 * validations, and an aspect runs before later aspects and never sees `stack.addOverride`.
 */
export const Guardrails = {
  /** Declares what a resource must be in the end: see {@link promise}. */
  promise,

  /** Works for any stack. Resources that no rule knows pass. */
  apply(stack: TerraformStack, options: CheckOptions = {}): void {
    const render = stack.toTerraform.bind(stack);
    const renderHcl = stack.toHclTerraform.bind(stack);
    const checked = (): TerraformJson => {
      const rendered = withPromises(render(), promisesOf(stack));
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

/** Puts a stack's promises into its JSON, where anyone who checks the JSON finds them. Terraform ignores `//`. */
function withPromises(json: TerraformJson, promises: readonly StackPromise[]): TerraformJson {
  if (promises.length === 0) return json;
  return { ...json, "//": { ...asRecord(json["//"]), promises } };
}

/** The source of a file in the stack's folder. An asset is copied there only after the check. */
function locate(stack: TerraformStack, terraformPath: string): string {
  for (const construct of stack.node.findAll()) {
    if (!("assetHash" in construct && "sourcePath" in construct && "path" in construct)) continue;
    // TerraformAsset keeps its source private and has no static type guard.
    const asset = construct as { readonly path: unknown; readonly sourcePath: unknown };
    if (asset.path === terraformPath) return path.resolve(`${asset.sourcePath}`);
  }
  const stackFolder = path.join(App.of(stack).outdir, "stacks", stack.node.id);
  return path.resolve(stackFolder, terraformPath);
}
