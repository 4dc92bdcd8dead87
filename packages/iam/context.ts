/** A request's condition keys, in lower case, with their values: a list for multivalued keys. */
export type Context = ReadonlyMap<string, string | readonly string[]>;

/** @param values by condition key, in any case */
export function contextOf(values: Readonly<Record<string, string | readonly string[] | undefined>>): Context {
  const context = new Map<string, string | readonly string[]>();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) context.set(key.toLowerCase(), value);
  }
  return context;
}
