import { existsSync, readFileSync } from "node:fs";
import { textTable } from "../../packages/terminal/table";
import type { SuiteUsage } from "./suite-usage";

/** Every suite with its time, its CPU time and the deployment that it used; the longest first. */
export function usageTable(file: string): string {
  const usages = existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(readUsage) : [];
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

/** Nothing for a line that a killed process left unfinished: the figures never decide whether the tests passed. */
function readUsage(line: string): readonly SuiteUsage[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
