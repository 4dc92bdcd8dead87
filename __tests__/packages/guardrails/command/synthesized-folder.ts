import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TerraformJson } from "../../../../packages/guardrails/stack-view";
import { type Edit, set } from "../edit";
import { workerStack } from "../worker-stack";

/** Two findings: a queue that is not encrypted, and a retention that is not set. */
export const faults: readonly Edit[] = [
  set("aws_sqs_queue", "jobs", "sqs_managed_sse_enabled", false),
  set("aws_cloudwatch_log_group", "worker", "retention_in_days"),
];

/** A folder as `cdktf synth` leaves it: a stack whose queue has a construct path, and whatever else a test writes. */
export class SynthesizedFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), "synthesized-"));

  /** @returns the stack's JSON, as written */
  stack(name: string, ...edits: readonly Edit[]): string {
    const json: TerraformJson = structuredClone(workerStack);
    for (const edit of edits) edit(json);
    const queue = json.resource?.aws_sqs_queue?.jobs as Record<string, unknown>;
    queue["//"] = { metadata: { path: `${name}/queues/jobs`, uniqueId: "jobs" } };
    const text = JSON.stringify({ "//": { metadata: { stackName: name } }, ...json }, undefined, 2);
    this.write(`cdktf.out/stacks/${name}/cdk.tf.json`, text);
    return text;
  }

  write(name: string, content: string): void {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
