import type { Condition } from "../items/condition";

/** The header that tells a row's version. A row that something else wrote has none. */
export const etagHeader = (etag: string | undefined): { readonly etag?: string } =>
  etag === undefined ? {} : { etag: `"${etag}"` };

/** What If-Match demands of a row: any version, or the one in quotes. */
export const ifMatchCondition = (ifMatch: string): Exclude<Condition, "absent"> =>
  ifMatch === "*" ? "present" : { etag: ifMatch.slice(1, -1) };
