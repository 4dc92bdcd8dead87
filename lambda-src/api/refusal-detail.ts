import type { Refused } from "../items/condition";

/**
 * A problem's detail for a refused write. It admits that this request may have changed the item after all, if that
 * is not known.
 *
 * @param done what the request may have done, after "may have"
 */
export const refusalDetail = (detail: string, { inDoubt }: Pick<Refused, "inDoubt">, done: string): string =>
  inDoubt
    ? `${detail} Before that, this request may have ${done}: its first call to the table failed.`
    : detail;
