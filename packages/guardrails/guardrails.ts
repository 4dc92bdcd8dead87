import path from "node:path";
import { type CheckOptions, checkStack, type Violation } from "./check-stack";
import { GuardrailError } from "./guardrail-error";
import { promise } from "./promise";
import type { TerraformJson } from "./stack-view";

/** What the guardrails need of a stack. CDKTF's `TerraformStack` and CDK Terrain's both have it. */
export interface GuardedStack {
  readonly node: {
    readonly id: string;
    readonly path: string;
    readonly root: object;
    findAll(): readonly object[];
  };
  toTerraform(): TerraformJson;
  toHclTerraform(): unknown;
}

/**
 * Rules that a stack must pass before its JSON is written. Call `Guardrails.apply(this)` in a stack's constructor. From
 * then on, a stack that breaks a rule fails `cdktf synth`, `cdktf deploy` and `Testing.synth`, with one list of what is
 * wrong, why, and how to fix it. A rule whose severity is `warning` is only reported, on the error output.
 *
 * The check runs when the stack is rendered, on the JSON that Terraform will read. `Testing.synth` skips cdktf
 * validations, and an aspect runs before later aspects and never sees `stack.addOverride`.
 */
export const Guardrails = {
  /** Declares what a resource must be in the end: see {@link promise}. */
  promise,

  /** Works for any stack. Resources that no rule knows pass. */
  apply(stack: GuardedStack, options: CheckOptions = {}): void {
    const render = stack.toTerraform.bind(stack);
    const renderHcl = stack.toHclTerraform.bind(stack);
    const checked = (): TerraformJson => {
      const rendered = render();
      const { violations, optionProblems } = checkStack(rendered, options, (source) => locate(stack, source));
      const errors = violations.filter(({ severity }) => severity === "error");
      if (errors.length + optionProblems.length > 0) {
        throw new GuardrailError(stack.node.path, errors, optionProblems);
      }
      warn(violations);
      return rendered;
    };
    stack.toTerraform = checked;
    stack.toHclTerraform = () => {
      checked();
      return renderHcl();
    };
  },
};

function warn(violations: readonly Violation[]): void {
  for (const { rule, path: at, found } of violations) {
    process.stderr.write(`! ${rule.id} at ${at}: ${found}. ${rule.fix}\n`);
  }
}

/** The source of a file in the stack's folder. An asset is copied there only after the check. */
function locate(stack: GuardedStack, terraformPath: string): string {
  for (const construct of stack.node.findAll()) {
    if (!("assetHash" in construct && "sourcePath" in construct && "path" in construct)) continue;
    // TerraformAsset keeps its source private and has no static type guard.
    const asset = construct as { readonly path: unknown; readonly sourcePath: unknown };
    if (asset.path === terraformPath) return path.resolve(`${asset.sourcePath}`);
  }
  const { outdir = "cdktf.out" } = stack.node.root as { readonly outdir?: string };
  return path.resolve(outdir, "stacks", stack.node.id, terraformPath);
}
