/** The parts of `terraform providers schema -json` that are read. */
export interface SchemaBlock {
  readonly attributes?: Readonly<
    Record<string, { readonly type?: unknown; readonly required?: boolean; readonly optional?: boolean }>
  >;
  readonly block_types?: Readonly<
    Record<string, { readonly nesting_mode: string; readonly block: SchemaBlock }>
  >;
}

export type AttributeKind = "string" | "number" | "bool" | "map" | "list" | "block";

/** By resource type, then by the path of each attribute that can be configured. */
export type ReducedSchema = Readonly<Record<string, Readonly<Record<string, AttributeKind>>>>;

/** A web ACL's statements contain statements, without an end. */
const deepest = 4;

/** What a provider lets one configure of some of its types. */
export function reduceSchema(
  types: readonly string[],
  schemas: Readonly<Record<string, { readonly block: SchemaBlock }>>,
): ReducedSchema {
  return Object.fromEntries(
    types.map((type) => {
      const schema = schemas[type];
      if (!schema) throw new Error(`the provider has no type ${type}`);
      return [type, Object.fromEntries(pathsOf(schema.block, "", 1))];
    }),
  );
}

function pathsOf(block: SchemaBlock, prefix: string, depth: number): [string, AttributeKind][] {
  const attributes = Object.entries(block.attributes ?? {})
    .filter(([, { required, optional }]) => required || optional)
    .map(([name, { type }]): [string, AttributeKind] => [`${prefix}${name}`, kindOf(type)]);
  const blocks = Object.entries(block.block_types ?? {}).flatMap(([name, { block: inner }]) => [
    [`${prefix}${name}`, "block"] as [string, AttributeKind],
    ...(depth < deepest ? pathsOf(inner, `${prefix}${name}.`, depth + 1) : []),
  ]);
  return [...attributes, ...blocks];
}

function kindOf(type: unknown): AttributeKind {
  if (type === "string" || type === "number" || type === "bool") return type;
  // Of a dynamic type, the stacks only use objects.
  return type === "dynamic" || (Array.isArray(type) && type[0] === "map") ? "map" : "list";
}
