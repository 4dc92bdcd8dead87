export const kinds = [
  "destroyed",
  "replaced",
  "forgotten",
  "changed",
  "moved",
  "imported",
  "created",
] as const;

/** What happens to a resource, in the order in which a reviewer wants to know. */
export type Kind = (typeof kinds)[number];

/** What a plan does to one resource. */
export interface PlannedChange {
  readonly kind: Kind;
  /** The resource's address; of an object that a replacement left behind, with `#` and its key. */
  readonly address: string;
  /** Where it was before, if it moves. */
  readonly previousAddress?: string;
  readonly type: string;
  /** Why, and what of it changes: no value that is sensitive is in there. */
  readonly why: readonly string[];
  /** What is lost, where the type is guarded and the resource goes. */
  readonly loss?: string;
}
