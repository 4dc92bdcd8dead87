import type { TerraformJson } from "../../../packages/guardrails/stack-view";

export type Attributes = Record<string, unknown>;

/** Breaks a copy of a good stack. */
export type Edit = (stack: TerraformJson) => void;

/** The attributes of the only resource of a type with this id or end of its construct path. Use `data.<type>` for data. */
export function at(stack: TerraformJson, type: string, path: string): Attributes {
  const [section, name] = type.startsWith("data.")
    ? (["data", type.slice(5)] as const)
    : (["resource", type] as const);
  const found = Object.entries(stack[section]?.[name] ?? {}).filter(([id, { "//": comment }]) => {
    const written = (comment as { metadata?: { path?: string } } | undefined)?.metadata?.path;
    return id === path || written === path || written?.endsWith(`/${path}`);
  });
  const [only] = found;
  if (found.length !== 1 || !only)
    throw new Error(`expected one ${type} at …/${path}, found ${found.length}`);
  return only[1] as Attributes;
}

/** Sets an attribute, `a.b` in a nested block. Undefined removes it. */
export const set =
  (type: string, path: string, attribute: string, value?: unknown): Edit =>
  (stack) => {
    const names = attribute.split(".");
    const last = names.pop() ?? "";
    let target: unknown = at(stack, type, path);
    for (const name of names) {
      const inner: unknown = (target as Attributes)[name];
      target = Array.isArray(inner) ? inner[0] : inner;
      if (typeof target !== "object" || target === null)
        throw new Error(`${type} at ${path} has no ${attribute}`);
    }
    if (value === undefined) delete (target as Attributes)[last];
    else (target as Attributes)[last] = value;
  };

/** Changes the value of an attribute. */
export const change =
  <T>(type: string, path: string, attribute: string, edit: (value: T) => T): Edit =>
  (stack) => {
    const attributes = at(stack, type, path);
    attributes[attribute] = edit(attributes[attribute] as T);
  };

export interface StatementJson {
  Sid?: string;
  Effect?: string;
  Principal?: unknown;
  Action?: unknown;
  Resource?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
  [name: string]: unknown;
}

/** Changes the statements of a JSON policy in an attribute. */
export const statements = (
  type: string,
  path: string,
  edit: (statements: StatementJson[]) => readonly StatementJson[],
  attribute = "policy",
): Edit =>
  change<string>(type, path, attribute, (text) => {
    const policy = JSON.parse(text) as { Statement: StatementJson[] };
    return JSON.stringify({ ...policy, Statement: edit(policy.Statement) });
  });

/** Changes one statement, by its Sid or its index. */
export const statement = (
  type: string,
  path: string,
  which: string | number,
  to: Partial<StatementJson>,
  attribute = "policy",
): Edit =>
  statements(
    type,
    path,
    (all) => all.map((one, index) => (one.Sid === which || index === which ? { ...one, ...to } : one)),
    attribute,
  );

/** Removes a resource. */
export const remove =
  (type: string, path: string): Edit =>
  (stack) => {
    const removed = at(stack, type, path);
    const byId = stack.resource?.[type] as Record<string, unknown>;
    for (const [id, attributes] of Object.entries(byId)) if (attributes === removed) delete byId[id];
  };

/** Adds a resource. Use `data.<type>` for data. */
export const add =
  (type: string, id: string, attributes: Attributes): Edit =>
  (stack) => {
    const [section, name] = type.startsWith("data.") ? ["data", type.slice(5)] : ["resource", type];
    const byType = (stack as Record<string, Record<string, Record<string, unknown>>>)[section] ?? {};
    Object.assign(stack, { [section]: { ...byType, [name]: { ...byType[name], [id]: attributes } } });
  };

/** Adds a copy of a resource. */
export const copy =
  (type: string, path: string, id: string): Edit =>
  (stack) => {
    const { "//": _, ...attributes } = at(stack, type, path);
    add(type, id, structuredClone(attributes))(stack);
  };

/** Combines several edits into one fault. */
export const both =
  (...edits: readonly Edit[]): Edit =>
  (stack) => {
    for (const edit of edits) edit(stack);
  };

/** Removes every resource of a type. */
export const removeAll =
  (type: string): Edit =>
  (stack) => {
    const resources = stack.resource as Record<string, unknown>;
    if (!resources[type]) throw new Error(`the stack has no ${type}`);
    delete resources[type];
  };
