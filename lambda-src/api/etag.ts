import type { Condition, NewItemCondition } from "../items/condition";

/** The header with an item's version. Rows that this service did not write have no version. */
export const etagHeader = (etag: string | undefined): { readonly etag?: string } =>
  etag === undefined ? {} : { etag: `"${etag}"` };

/** The condition that If-Match sets: any version, or the one in quotes. */
export const ifMatchCondition = (ifMatch: string): Exclude<Condition, NewItemCondition> =>
  ifMatch === "*" ? "present" : { etag: ifMatch.slice(1, -1) };
