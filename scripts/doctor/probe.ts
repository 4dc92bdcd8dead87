import type { AwsTarget } from "../lib/aws-target";
import type { Finding } from "../lib/finding";

export type Diagnosis = Omit<Finding, "check">;

/** Checks one thing that a deployment needs. All probes run at the same time, each for a few seconds at most. */
export interface Probe {
  readonly name: string;
  /** An error counts as a failure. */
  readonly run: (target: AwsTarget) => Promise<Diagnosis>;
}

export function passed(detail: string): Diagnosis {
  return { verdict: "passed", detail };
}

export function warned(detail: string, remedy: string): Diagnosis {
  return { verdict: "warned", detail, remedy };
}

export function failed(detail: string, remedy: string): Diagnosis {
  return { verdict: "failed", detail, remedy };
}

/** For what cannot be checked because of a problem that another probe reports. */
export function unchecked(detail: string): Diagnosis {
  return { verdict: "unchecked", detail };
}
