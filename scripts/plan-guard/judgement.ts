import type { PlannedChange } from "./planned-change";

/** What a stack's plan does, and whether it may be applied. */
export interface Judgement {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  /** What would be lost and has not been acknowledged, or cannot be. */
  readonly refused: readonly PlannedChange[];
  readonly acknowledged: readonly PlannedChange[];
  /** Whether Terraform itself refuses the plan, for a `prevent_destroy`: no acknowledgement helps against that. */
  readonly prevented: boolean;
  /** What a reader must know of how the plan was made. */
  readonly notes: readonly string[];
}

export interface Planned {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  readonly prevented?: boolean;
  readonly notes?: readonly string[];
}

/** Holds each change by which something would be lost against the addresses that were acknowledged. */
export function judge(planned: Planned, acknowledgements: readonly string[]): Judgement {
  const { stack, changes, prevented = false, notes = [] } = planned;
  const losses = changes.filter(({ loss }) => loss);
  const isAcknowledged = ({ address }: PlannedChange) => acknowledgements.includes(address);
  return {
    stack,
    changes,
    refused: losses.filter((change) => prevented || !isAcknowledged(change)),
    acknowledged: losses.filter((change) => !prevented && isAcknowledged(change)),
    prevented,
    notes,
  };
}
