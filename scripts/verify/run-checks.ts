import { awsFailure } from "../lib/aws-failure";
import type { Finding } from "../lib/finding";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { CheckFailedError, UncheckedError } from "./verdict";

export interface RunOptions {
  /** Names of checks to skip, or of a group of checks with its slash: `failures/`. */
  readonly except: readonly string[];
  /** Called whenever the set of running checks changes. */
  readonly report: (detail: string) => void;
}

/** Runs all checks concurrently. @returns one finding for each check that applies */
export async function runChecks(
  checks: readonly Check[],
  deployment: Deployment,
  { except, report }: RunOptions,
): Promise<readonly Finding[]> {
  const running = new Map<string, string>();
  const reportRunning = () => {
    const waits = [...running].map(([name, detail]) => (detail ? `${name} (${detail})` : name));
    const shown = waits.length > 3 ? [...waits.slice(0, 3), `${waits.length - 3} more`] : waits;
    report(shown.length > 0 ? `waiting for ${shown.join(", ")}` : "");
  };
  const one = async (check: Check): Promise<Finding> => {
    if (except.some((name) => isNamed(check, name))) {
      return { check: check.name, verdict: "unchecked", detail: "skipped by --except" };
    }
    running.set(check.name, "");
    reportRunning();
    const finding = await findingOf(check, deployment, (detail) => {
      running.set(check.name, detail);
      reportRunning();
    });
    running.delete(check.name);
    reportRunning();
    return finding;
  };
  return Promise.all(checks.filter((check) => check.applies?.(deployment) ?? true).map(one));
}

/** Whether `except` names a check, or the group that it belongs to. */
export function isNamed({ name }: Check, except: string): boolean {
  return except.endsWith("/") ? name.startsWith(except) : name === except;
}

async function findingOf(
  check: Check,
  deployment: Deployment,
  report: (detail: string) => void,
): Promise<Finding> {
  try {
    return { check: check.name, verdict: "passed", detail: await check.run(deployment, report) };
  } catch (error) {
    const refused = /^(?:AccessDenied|AuthorizationError|UnauthorizedOperation)/.test((error as Error).name);
    if (deployment.signal.aborted) return { check: check.name, verdict: "unchecked", detail: "interrupted" };
    if (refused) {
      const detail = `these credentials lack the permission (${awsFailure(error)})`;
      return { check: check.name, verdict: "unchecked", detail };
    }
    const verdict = error instanceof UncheckedError ? "unchecked" : "failed";
    const known = error instanceof UncheckedError || error instanceof CheckFailedError;
    return { check: check.name, verdict, detail: known ? error.message : awsFailure(error) };
  }
}
