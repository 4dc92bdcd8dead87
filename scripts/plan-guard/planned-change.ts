import type { Loss } from "./judge-change";

export const kinds = [
  "destroyed",
  "replaced",
  "forgotten",
  "changed",
  "moved",
  "imported",
  "created",
] as const;

/** What happens to a resource, in the order that matters to a reviewer. */
export type Kind = (typeof kinds)[number];

/** What a plan does to one resource. */
export interface PlannedChange {
  readonly kind: Kind;
  /** The resource's address. For an object that a replacement left behind: with `#` and the object's key. */
  readonly address: string;
  /** Its address before, if it moves. */
  readonly previousAddress?: string;
  readonly type: string;
  /** Why it changes, and which attributes. Never includes a sensitive value. */
  readonly why: readonly string[];
  /** What is lost, if somebody does not acknowledge it. */
  readonly losses: readonly Loss[];
  /** Who may now do what, or may no longer do it. */
  readonly access: readonly string[];
  /** Attributes, or `the resource`, of which plan-guard does not know what they do. */
  readonly unjudged: readonly string[];
  /** Why AWS would reject this change in the middle of the deployment. */
  readonly rejection?: string;
}

export function count(changes: readonly PlannedChange[], kind: Kind): number {
  return changes.filter((change) => change.kind === kind).length;
}
