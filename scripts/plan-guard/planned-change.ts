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
  /** What is lost, if this destroys or replaces a resource of a guarded type. */
  readonly loss?: string;
  /** Why AWS would reject this change in the middle of the deployment. */
  readonly rejection?: string;
}
