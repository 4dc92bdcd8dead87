import type { PolicyStatement } from "../../constructs/policy-document";
import { resourceCovers } from "../../packages/iam/coverage";
import type { RecordedCall } from "./recorded-calls";

/** Whether statements without conditions allow a call. */
export function isAllowed(
  { action, resource }: RecordedCall,
  statements: readonly PolicyStatement[],
): boolean {
  return statements.some(
    ({ Action, Resource = [], Condition }) =>
      !Condition &&
      [Action].flat().includes(action) &&
      [Resource].flat().some((pattern) => resourceCovers(pattern, resource)),
  );
}
