import type { Finding } from "../lib/finding";
import type { Surroundings } from "./surroundings";

export type Diagnosis = Omit<Finding, "check">;

/** One thing that a deployment needs: looked at by itself, beside all others, in a few seconds. */
export interface Probe {
  readonly name: string;
  /** What it throws counts as failed. */
  readonly run: (surroundings: Surroundings) => Promise<Diagnosis>;
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

/** Of what cannot be there because of what another probe reports. */
export function unchecked(detail: string): Diagnosis {
  return { verdict: "unchecked", detail };
}
