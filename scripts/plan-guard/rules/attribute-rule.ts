import type { HarmlessKind } from "./harmless";

/** How one attribute of one resource changes. A value that is unset, `""`, `[]` or `{}` is undefined. */
export interface AttributeChange {
  readonly before: unknown;
  readonly after: unknown;
  /** Whether the value, or a part of it, is known only after apply. */
  readonly unknown: boolean;
  /** The whole resource before and after, for an attribute whose meaning depends on another one. */
  readonly resource: ResourceValues;
}

export interface ResourceValues {
  readonly address: string;
  readonly isNew: boolean;
  readonly before: Values | undefined;
  readonly after: Values | undefined;
  /** All resources of a type in the plan, whether they change or not. */
  readonly all: (type: string) => readonly Values[];
  /** The other resources of a type, as they were or as they will be. */
  readonly others: (type: string, side: "before" | "after") => readonly Values[];
  /** A value with the new names of what the plan replaces in place of the old ones. */
  readonly followed: (value: unknown) => unknown;
  /** The same with ARNs only, for a policy, which may also name something else of that name. */
  readonly followedArns: (value: unknown) => unknown;
}

export type Values = Readonly<Record<string, unknown>>;

/** What a change means. */
export type Verdict =
  /** Refused unless acknowledged: what is lost, and for whom. `opens`: even if nobody uses the resource yet. */
  | { readonly kind: "loss"; readonly text: string; readonly opens?: boolean }
  /** What the resource is called by changes, so it is lost as if it were destroyed. */
  | { readonly kind: "end" }
  /** Not refused, but told: who may now do what, or may no longer do it. */
  | { readonly kind: "access"; readonly text: string }
  | { readonly kind: "harmless"; readonly reason: HarmlessKind };

export type AttributeRule = (change: AttributeChange) => readonly Verdict[];

/** A resource that this one is a part of: the part comes and goes with it. */
export interface Whole {
  readonly type: string;
  /** Pairs of attributes that are equal: the part's, and the whole's. */
  readonly by: readonly (readonly [part: string, whole: string])[];
}

/** What plan-guard knows about a resource type. */
export interface TypeRule {
  /** What is lost when it is destroyed, and for whom. Or the reason why nothing is. */
  readonly end:
    | string
    | ((resource: ResourceValues) => string | Verdict)
    | { readonly harmless: HarmlessKind };
  /** Why a replacement loses nothing beyond what its attributes lose. @default it loses what a destruction does */
  readonly replaced?: HarmlessKind;
  readonly partOf?: readonly Whole[];
  /** Whether creating it changes how something works that may exist already: what it is a part of. @default false */
  readonly configures?: boolean;
  /**
   * By the attribute's path, with `.` between a block and its attributes. A path's rule also judges everything below it.
   * Attributes that every type has are in common-attributes.ts.
   */
  readonly attributes: Readonly<Record<string, AttributeRule>>;
  /** Judges several attributes at once, also of a resource that is created. */
  readonly asWhole?: (resource: ResourceValues) => readonly Verdict[];
}

export const loss = (text: string): Verdict => ({ kind: "loss", text });
export const access = (text: string): Verdict => ({ kind: "access", text });
export const noLoss = (reason: HarmlessKind): Verdict => ({ kind: "harmless", reason });
