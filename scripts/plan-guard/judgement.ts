import type { PlannedChange } from "./planned-change";

/** What a stack's plan would do, and whether it may be applied. */
export interface Judgement {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  /** Losses that have not been acknowledged, or that no acknowledgement can allow, and what AWS would reject. */
  readonly refused: readonly PlannedChange[];
  readonly acknowledged: readonly PlannedChange[];
  /**
   * Whether Terraform itself refuses the plan because of a `prevent_destroy`. An acknowledgement cannot override that.
   */
  readonly prevented: boolean;
  /** How the plan was made, as far as a reader must know. */
  readonly notes: readonly string[];
}

export interface Planned {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  readonly prevented?: boolean;
  readonly notes?: readonly string[];
}

/** Compares the losses in a plan with the addresses that were acknowledged. What counts as a loss: refusal-rules.ts. */
export function judge(planned: Planned, acknowledgements: readonly string[]): Judgement {
  const { stack, changes, prevented = false, notes = [] } = planned;
  const losses = changes.filter(({ loss }) => loss);
  const isAcknowledged = ({ address }: PlannedChange) => acknowledgements.includes(address);
  return {
    stack,
    changes,
    refused: changes.filter(
      (change) => change.rejection || (change.loss && (prevented || !isAcknowledged(change))),
    ),
    acknowledged: losses.filter((change) => !prevented && isAcknowledged(change)),
    prevented,
    notes,
  };
}
