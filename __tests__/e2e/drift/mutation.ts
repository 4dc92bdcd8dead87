export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Block = { readonly [key: string]: Json };
/** By type and name, as in cdk.tf.json. */
export type Resources = { readonly [type: string]: { readonly [name: string]: Block } };

/** One change of one attribute of a resource. */
export interface Mutation {
  readonly address: string;
  /** Top-level attribute, by which a finding names it. */
  readonly attribute: string;
  /** Where the change is, and what it is. */
  readonly what: string;
  /** The resource's configuration with the change. */
  readonly changed: Block;
}
