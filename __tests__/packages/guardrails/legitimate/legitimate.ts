import type { CheckOptions } from "../../../../packages/guardrails/check-stack";
import type { Edit } from "../edit";

/** Something that a team can write for good reasons, and about which every rule must be silent. */
export interface Legitimate {
  readonly variant: string;
  /** Adds it to the good stack `worker`. */
  readonly parts: Edit;
  /** @default the rules' defaults */
  readonly options?: CheckOptions;
}
