import type { PlannedChange } from "./planned-change";

/** What a stack's plan would do, and whether it may be applied. */
export interface Judgement {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  /**
   * The losses that have not been acknowledged, or that no acknowledgement can allow: an address, or
   * `<address>.<attribute>`.
   */
  readonly refused: readonly string[];
  readonly acknowledged: readonly string[];
  /** The addresses of what AWS would reject in the middle of the deployment. No acknowledgement helps then either. */
  readonly rejected: readonly string[];
  /** Whether it may be applied: nothing is refused or rejected. */
  readonly passed: boolean;
  /** Whether Terraform itself refuses the plan because of a `prevent_destroy`. No acknowledgement helps then. */
  readonly prevented: boolean;
  /** Whether the plan leaves out a part of the stack, about which nothing is known. */
  readonly incomplete: boolean;
  /** How the plan was made, as far as a reader must know. */
  readonly notes: readonly string[];
}

export interface Planned {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  readonly prevented?: boolean;
  readonly incomplete?: boolean;
  readonly notes?: readonly string[];
}

/** Compares the losses in a plan with those that were acknowledged. What counts as a loss: rules/all-types.ts. */
export function judge(planned: Planned, acknowledgements: readonly string[]): Judgement {
  const { stack, changes, prevented = false, incomplete = false, notes = [] } = planned;
  const losses = unique(changes.flatMap((change) => change.losses.map(({ key }) => key)));
  const isAcknowledged = (key: string) => !prevented && acknowledgements.includes(key);
  const refused = losses.filter((key) => !isAcknowledged(key));
  const rejected = changes.filter(({ rejection }) => rejection).map(({ address }) => address);
  return {
    stack,
    changes,
    refused,
    acknowledged: losses.filter(isAcknowledged),
    rejected,
    passed: refused.length === 0 && rejected.length === 0,
    prevented,
    incomplete,
    notes,
  };
}

export function unique(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)];
}
