/** The parts of Terraform's JSON plan, format 1, that are read here. */
export interface TerraformPlan {
  readonly format_version: string;
  /** Whether Terraform failed on the way, so that the plan is not the whole of it. */
  readonly errored?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  /** What has changed outside of Terraform since it last looked. */
  readonly resource_drift?: readonly ResourceChange[];
  /** What Terraform puts off to a later plan. */
  readonly deferred_changes?: readonly {
    readonly reason: string;
    readonly resource_change: ResourceChange;
  }[];
}

export interface ResourceChange {
  readonly address: string;
  /** Where a `moved` block, or cdktf's moveFromId, has taken it from. */
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  /** Set for an object that an interrupted replacement has left behind. */
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: Change;
}

export interface Change {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  /** `true` at each place of which the value will be known only when it is applied. */
  readonly after_unknown?: unknown;
  /** `true` at each place that must not be shown. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** The attributes that cannot be changed in place. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: unknown;
}
