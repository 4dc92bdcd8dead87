import type { Clients } from "../../verify/clients";

export type Attributes = Readonly<Record<string, unknown>>;

/** What a probe needs to compare what is live with the state. */
export interface Look {
  readonly clients: Clients;
  /** The stack's resources of a type, from Terraform's state. */
  readonly planned: (type: string) => readonly Attributes[];
}

/** Something that somebody attached to a resource, and that Terraform does not manage. */
export interface Stranger {
  /** For example `the inline policy extra`. */
  readonly what: string;
  /** Whether it can do no harm, so that it is only mentioned. @default false */
  readonly harmless?: boolean;
}

/** Finds one kind of thing that can be attached to resources of one type from outside. */
export interface Probe {
  readonly type: string;
  /** For example `inline policies`. */
  readonly kind: string;
  readonly strangers: (resource: Attributes, look: Look) => Promise<readonly Stranger[]>;
}

/** @returns what the call found; undefined if AWS says that there is none */
export async function unlessAbsent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const { name, message } = error as Error;
    if (/NotFound|NoSuch|NotExist/.test(name) || /^NotFound/.test(message)) return undefined;
    throw error;
  }
}

/** Collects all pages of a paginated call. */
export async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

/** The strangers among what is live. */
export function beside(
  live: readonly (string | undefined)[],
  planned: Iterable<unknown>,
  what: (name: string) => string,
): readonly Stranger[] {
  const known = new Set(planned);
  return live
    .filter((name) => name !== undefined && !known.has(name))
    .map((name) => ({ what: what(`${name}`) }));
}
