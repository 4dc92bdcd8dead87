import { spawnSync } from "node:child_process";

/**
 * Why these tests cannot run on this machine, if they cannot: a reason in their title, which `npm test` and the campaign
 * print. A test that is skipped without such a reason counts as failed.
 * @param missing what they need and this machine lacks, for example `jq`; empty if they can run
 */
export function describeWhere(missing: readonly string[], name: string, tests: () => void): void {
  if (missing.length === 0) describe(name, tests);
  else describe.skip(withReason(name, missing), tests);
}

/** As {@link describeWhere}, for one test. */
export function itWhere(missing: readonly string[], name: string, test: () => Promise<void>): void {
  if (missing.length === 0) it(name, test);
  else it.skip(withReason(name, missing), test);
}

/** Those of the programs that are not installed. */
export function missingPrograms(...programs: readonly string[]): readonly string[] {
  return programs.filter((program) => spawnSync(program, ["--version"]).status !== 0);
}

function withReason(name: string, missing: readonly string[]): string {
  return `${name} (skipped: needs ${missing.join(", ")})`;
}
