import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { setNaming } from "../../constructs/naming";
import { filesOf } from "./files-of";
import { SynthesizedStack } from "./synthesized-stack";

/** How everything in {@link synthesizeStack}'s stack is named. */
export const testNaming = {
  organization: "acme",
  application: "shop",
  environment: "test",
  metricsNamespace: "Shop",
  repository: "https://example.com/shop",
};

/** Synthesizes one stack, `test-stack`, with both providers and whatever `build` adds to it. */
export function synthesizeStack(build: (stack: TerraformStack) => void): SynthesizedStack {
  const [stack] = synthesizeApp((app) => build(testStack(app, "test-stack")));
  if (!stack) throw new Error("the app has no stack");
  return stack;
}

/** A stack with both providers, whose resources are named after `environment`. */
export function testStack(app: App, id: string, environment = testNaming.environment): TerraformStack {
  const stack = new TerraformStack(app, id);
  setNaming(stack, { ...testNaming, environment });
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  new ArchiveProvider(stack, "archive");
  return stack;
}

/**
 * Synthesizes an app as `cdktf synth` does, validations included, and leaves nothing on disk.
 * @returns its stacks, in alphabetical order
 */
export function synthesizeApp(build: (app: App) => void): readonly SynthesizedStack[] {
  const outdir = mkdtempSync(path.join(os.tmpdir(), "synthesized-"));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    return readStacks(path.join(outdir, "stacks"));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function readStacks(folder: string): SynthesizedStack[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const files = filesOf(path.join(folder, name));
      const text = files.get("cdk.tf.json");
      if (!text) throw new Error(`${name} has no cdk.tf.json`);
      files.delete("cdk.tf.json");
      return new SynthesizedStack(text.toString(), files);
    });
}
