import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { runCommand } from "../../packages/terminal/run-command";
import { type CheckovReport, type Findings, findingsOf } from "./findings";
import { readable, type StackJson } from "./readable";

/**
 * Runs checkov over stacks, by name.
 *
 * It runs in its own folder with its own environment, so it reads no user configuration or platform key, and it needs
 * no network.
 * @throws Error if it cannot read a stack
 */
export async function runCheckov(
  stacks: Readonly<Record<string, StackJson>>,
): Promise<Readonly<Record<string, Findings>>> {
  const folder = mkdtempSync(path.join(tmpdir(), "checkov-"));
  try {
    for (const [name, json] of Object.entries(stacks)) {
      mkdirSync(path.join(folder, "stacks", name), { recursive: true });
      writeFileSync(path.join(folder, "stacks", name, "cdk.tf.json"), JSON.stringify(readable(json)));
    }
    const report = path.join(folder, "report");
    const { exitCode, output } = await runCommand(
      path.join(folders.tools, "checkov", "bin", "checkov"),
      [
        ...["--directory", "stacks", "--framework", "terraform_json"],
        ...["--output", "json", "--output-file-path", report],
        ...["--compact", "--soft-fail", "--skip-download", "--download-external-modules", "false"],
      ],
      { cwd: folder, env: { HOME: folder, PATH: "/usr/bin:/bin", LANG: "C.UTF-8" }, timeoutSeconds: 300 },
    );
    if (exitCode !== 0) throw new Error(`checkov exited with ${exitCode}:\n${output}`);
    const read: CheckovReport = JSON.parse(readFileSync(path.join(report, "results_json.json"), "utf8"));
    return Object.fromEntries(
      Object.entries(stacks).map(([name, json]) => [name, findingsOf(read, name, json)]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
