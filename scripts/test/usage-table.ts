import { existsSync, readFileSync } from "node:fs";
import { textTable } from "../../packages/terminal/table";
import type { SuiteUsage } from "./suite-usage";

/** Every suite with its time, its CPU time and the deployment that it used; the longest first. */
export function usageTable(file: string): string {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  const usages: readonly SuiteUsage[] = lines.map((line) => JSON.parse(line));
  const deployments = new Map<string, Set<string>>();
  for (const usage of usages) {
    if (!("deployment" in usage)) continue;
    deployments.set(usage.suite, (deployments.get(usage.suite) ?? new Set()).add(usage.deployment));
  }
  const rows = usages
    .flatMap((usage) => ("seconds" in usage ? [usage] : []))
    .sort((one, other) => other.seconds - one.seconds)
    .map(({ suite, seconds, cpuSeconds }) => [
      suite,
      `${seconds.toFixed(1)} s`,
      `${cpuSeconds.toFixed(1)} s`,
      [...(deployments.get(suite) ?? [])].join("; "),
    ]);
  return textTable([["suite", "time", "CPU", "deployment"], ...rows]);
}
