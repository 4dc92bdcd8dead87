type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** A stack's `cdk.tf.json`. */
export interface StackJson {
  readonly terraform?: unknown;
  readonly resource?: Blocks;
}

/**
 * A stack in a form that checkov can read. It leaves out the `terraform` section, because checkov 3.3 drops the whole
 * file over strings in it. It also replaces each reference to an argument that is itself a reference with that
 * reference, as Terraform resolves it: checkov connects only resources that refer to each other directly.
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
    const target = resources[type]?.[name]?.[argument];
    return typeof target === "string" && target.startsWith("${") ? resolved(target) : value;
  };
  return resolved(stack);
}
