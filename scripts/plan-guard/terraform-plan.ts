/** The parts of Terraform's JSON plan, format 1, that plan-guard reads. */
export interface TerraformPlan {
  readonly format_version: string;
  /** Whether Terraform failed half-way, which leaves the plan incomplete. */
  readonly errored?: boolean;
  /** Whether it covers the whole stack: not with -target, nor if something is deferred. */
  readonly complete?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  /** Changes of the stack's outputs, by name. */
  readonly output_changes?: Readonly<Record<string, Change>>;
  readonly configuration?: { readonly root_module?: ConfiguredModule };
  /** The state that it was made from, with data sources. */
  readonly prior_state?: {
    readonly values?: {
      readonly root_module?: {
        readonly resources?: readonly { readonly address: string; readonly values?: unknown }[];
      };
    };
  };
  /** What has changed outside Terraform since its last run. */
  readonly resource_drift?: readonly ResourceChange[];
  /** What Terraform defers to a later plan. */
  readonly deferred_changes?: readonly {
    readonly reason: string;
    readonly resource_change: ResourceChange;
  }[];
}

/** A module as it is written. */
export interface ConfiguredModule {
  readonly resources?: readonly { readonly address: string; readonly expressions?: unknown }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: ConfiguredModule }>>;
}

export interface ResourceChange {
  readonly address: string;
  /** Its address before a `moved` block, or cdktf's moveFromId, moved it. */
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  /** Set for an object that an interrupted replacement left behind. */
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: Change;
}

export interface Change {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  /** `true` in place of each value that is known only after apply. */
  readonly after_unknown?: unknown;
  /** `true` in place of each value that must not be shown. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** The attributes that cannot be changed in place. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: unknown;
}
