import { asRecord } from "./json-values";

/** What a stack promises about one of its elements, as its synthesized JSON holds it in the metadata under `//`. */
export interface StackPromise {
  /** Address of the resource, such as `aws_sqs_queue.jobs`. Empty for what is no resource: a provider, an output. */
  readonly resource: string;
  /** The element's construct path. */
  readonly path: string;
  /** What breaks otherwise, as a clause: `the lines are kept for as long as the law demands`. */
  readonly because: string;
  /** Attributes by Terraform's names, `a.b` in a nested block, with the values that they must have. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a promise needs of an element. CDKTF's classes and CDK Terrain's both have it. */
export interface Promised {
  readonly node: { readonly path: string };
  toTerraform(): unknown;
  toMetadata(): unknown;
}

/**
 * Declares what a resource must be in the end, whatever overrides and aspects come later. A construct calls it where it
 * creates the resource, for what others rely on: a key's name and type, a retention, an alias, a variable, a policy.
 * The rule `stack-promises-kept` then holds the synthesized JSON to it, and to whatever the resource depends on. Nothing
 * is checked in a stack without `Guardrails.apply`.
 *
 * @param element a resource or data source; or a provider, a backend or an output, whose attributes begin at the stack:
 *   `provider.aws.region`
 * @param because what breaks otherwise, as a clause that a finding can end with
 * @param attributes names of attributes, which must stay as they are now, or attributes with the values that they must
 *   have, which can be tokens. Names are Terraform's; `a.b` is in a nested block. A JSON policy is compared by meaning.
 */
export function promise(
  element: Promised,
  because: string,
  attributes: readonly string[] | Readonly<Record<string, unknown>>,
): void {
  const { address, body } = writtenNow(element);
  const order = body.depends_on === undefined ? {} : { depends_on: body.depends_on };
  const given = isList(attributes) ? valuesOf(body, attributes) : attributes;
  const path = element.node.path;
  const made: StackPromise = { resource: address, path, because, attributes: { ...given, ...order } };
  // A stack's metadata is the merged metadata of its elements, with their tokens resolved. Terraform ignores it.
  const metadata = element.toMetadata.bind(element);
  element.toMetadata = () => {
    const own = asRecord(metadata());
    const promises = asRecord(own?.promises) ?? {};
    return { ...own, promises: { ...promises, [`${path} ${Object.keys(promises).length}`]: made } };
  };
}

const isList = (attributes: unknown): attributes is readonly string[] => Array.isArray(attributes);

/** Attributes as a construct has just set them. Null stands for an attribute that must stay absent. */
function valuesOf(body: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, attributeAt(body, name) ?? null]));
}

/** cdktf nests a resource's body as section → type → id → body. */
function writtenNow(element: Promised): {
  readonly address: string;
  readonly body: Readonly<Record<string, unknown>>;
} {
  const written = asRecord(element.toTerraform()) ?? {};
  const blocks = asRecord(written.resource ?? written.data);
  if (!blocks) return { address: "", body: written };
  const [[type, byId] = [""]] = Object.entries(blocks);
  const [[id, body] = [""]] = Object.entries(asRecord(byId) ?? {});
  return { address: `${written.data ? "data." : ""}${type}.${id}`, body: asRecord(body) ?? {} };
}

/** An attribute of a body, `a.b` in a nested block, the first if there are several. */
export function attributeAt(body: unknown, path: string): unknown {
  let value = body;
  for (const name of path.split(".")) value = asRecord(Array.isArray(value) ? value[0] : value)?.[name];
  return value;
}
