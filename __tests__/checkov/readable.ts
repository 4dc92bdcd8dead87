type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** A stack's `cdk.tf.json`. */
export interface StackJson {
  readonly terraform?: unknown;
  readonly resource?: Blocks;
}

/**
 * A stack as checkov can read it: without its settings of Terraform, at whose strings checkov 3.3 gives up the whole
 * file, and with each reference to an argument that is itself a reference replaced by that one, as Terraform resolves it: checkov
 * connects resources that name each other, and follows no further.
 */
export function readable(json: StackJson): unknown {
  const { terraform: _, ...stack } = json;
  const resources = stack.resource ?? {};
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
    }
    const [, type = "", name = "", argument = ""] =
      (typeof value === "string" && /^\$\{(\w+)\.([\w-]+)\.(\w+)\}$/.exec(value)) || [];
    const meant = resources[type]?.[name]?.[argument];
    return typeof meant === "string" && meant.startsWith("${") ? resolved(meant) : value;
  };
  return resolved(stack);
}
