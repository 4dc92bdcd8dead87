import { asRecord } from "./json-values";

/** What a stack promises about one of its resources, as its synthesized JSON holds it in the metadata under `//`. */
export interface StackPromise {
  /** Address of the resource, such as `aws_sqs_queue.jobs`. */
  readonly resource: string;
  /** The resource's construct path. */
  readonly path: string;
  /** What breaks otherwise, as a clause: `the lines are kept for as long as the law demands`. */
  readonly because: string;
  /** Attributes by Terraform's names, `a.b` in a nested block, with the values that they must have. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a promise needs of a resource or data source. CDKTF's classes and CDK Terrain's both have it. */
export interface Promised {
  readonly node: { readonly path: string };
  readonly terraformResourceType: string;
  readonly friendlyUniqueId: string;
  toTerraform(): unknown;
  toMetadata(): unknown;
}

/**
 * Declares what a resource must be in the end, whatever overrides and aspects come later. A construct calls it where it
 * creates the resource, for what others rely on: a key's name and type, a retention, an alias, a variable, a policy.
 * The rule `stack-promises-kept` then holds the synthesized JSON to it. Nothing is checked in a stack without
 * `Guardrails.apply`.
 *
 * @param because what breaks otherwise, as a clause that a finding can end with
 * @param attributes names of attributes, which must stay as they are now, or attributes with the values that they must
 *   have, which can be tokens. Names are Terraform's; `a.b` is in a nested block. A JSON policy is compared by meaning.
 */
export function promise(
  resource: Promised,
  because: string,
  attributes: readonly string[] | Readonly<Record<string, unknown>>,
): void {
  const [section] = Object.keys(asRecord(resource.toTerraform()) ?? {});
  const address = `${section === "data" ? "data." : ""}${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
  const made: StackPromise = {
    resource: address,
    path: resource.node.path,
    because,
    attributes: isList(attributes) ? writtenNow(resource, attributes) : attributes,
  };
  // A stack's metadata is the merged metadata of its elements, with their tokens resolved. Terraform ignores it.
  const metadata = resource.toMetadata.bind(resource);
  resource.toMetadata = () => {
    const own = asRecord(metadata());
    const promises = asRecord(own?.promises) ?? {};
    return { ...own, promises: { ...promises, [`${address} ${Object.keys(promises).length}`]: made } };
  };
}

const isList = (attributes: unknown): attributes is readonly string[] => Array.isArray(attributes);

/** Attributes as a construct has just set them. Null stands for an attribute that must stay absent. */
function writtenNow(resource: Promised, names: readonly string[]): Readonly<Record<string, unknown>> {
  const body = bodyOf(resource);
  return Object.fromEntries(names.map((name) => [name, attributeAt(body, name.split(".")) ?? null]));
}

/** cdktf nests a resource's body as section → type → id → body. */
function bodyOf(resource: Promised): unknown {
  const section = Object.values(asRecord(resource.toTerraform()) ?? {})[0];
  const byId = Object.values(asRecord(section) ?? {})[0];
  return Object.values(asRecord(byId) ?? {})[0];
}

function attributeAt(body: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return body;
  return attributeAt(asRecord(Array.isArray(body) ? body[0] : body)?.[name], rest);
}
