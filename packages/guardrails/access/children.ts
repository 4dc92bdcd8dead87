import type { Resource } from "../stack-view";

/**
 * Resources of a type that belong to a parent. In a `for_each`, only Terraform knows the parent of each instance: such a
 * resource may belong to any parent, and is returned as `possible`.
 */
export function childrenOf(
  parent: Resource,
  type: string,
  attribute: string,
): { readonly own: readonly Resource[]; readonly possible: boolean } {
  const children = parent.stack.all(type);
  const own = children.filter((child) => child.follow(attribute, parent.type) === parent);
  const possible = children.some(
    (child) => !own.includes(child) && /\$\{[^}]*\b(?:each|count)\./.test(`${child.value(attribute)}`),
  );
  return { own, possible };
}
