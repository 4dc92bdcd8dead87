import type { Deployment } from "./deployment";

/** One fact about a deployment, checked against what is live, never against the template. */
export interface Check {
  /** `<part>/<fact>`, for reports and for --except. */
  readonly name: string;
  /**
   * @returns what was found, in one line
   * @throws CheckFailedError if it does not hold, UncheckedError if it cannot be checked; any other error counts as failed
   */
  readonly run: (deployment: Deployment, report: (detail: string) => void) => Promise<string>;
  /** Whether the environment has the part to check. @default it does */
  readonly applies?: (deployment: Deployment) => boolean;
}
