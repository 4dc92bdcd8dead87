/** Where a member is, if not in the body. */
export type Location = "uri" | "querystring" | "header" | "headers" | "statusCode";

/** A shape as it stands in botocore's JSON. */
export interface RawShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, RawMember>>;
  readonly required?: readonly string[];
  readonly payload?: string;
  readonly document?: boolean;
  readonly member?: RawMember;
  readonly key?: RawMember;
  readonly value?: RawMember;
  readonly flattened?: boolean;
  readonly sensitive?: boolean;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

export interface RawMember {
  readonly shape: string;
  readonly location?: Location;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly flattened?: boolean;
}
