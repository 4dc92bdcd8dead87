import type { Item } from "../items/item";
import { ITEM_TIMESTAMP_MAX } from "../items/item-limits";
import { jsonResponse } from "./api-response";
import { readCursor, writeCursor } from "./cursor";
import { InvalidParameterError, ItemNotFoundError } from "./http-errors";
import type { ApiProps, OperationHandler } from "./operation-handler";
import { LIMIT_DEFAULT } from "./schemas";

/** Largest response, in bytes. Lambda's limit is 6 MB, and 1 MB of stored items can exceed that as JSON. */
export const ANSWER_MAX_BYTES = 5_000_000;

/** Lists a page of an id's items, or returns 404 if the id has none at all. */
export const listItems =
  ({ items }: ApiProps): OperationHandler<"listItems"> =>
  async ({ id, from = 0, to = ITEM_TIMESTAMP_MAX, limit = LIMIT_DEFAULT, cursor }, _event, signal) => {
    if (from > to) throw new InvalidParameterError("Change the query: from must not be after to.");
    const scope = { id, from, to };
    const last = cursor === undefined ? to : readCursor(scope, cursor) - 1;
    const page = await items.page(id, { from, to: last, limit }, signal);
    if (page.items.length === 0 && cursor === undefined) {
      const any = await items.page(id, { from: 0, to: ITEM_TIMESTAMP_MAX, limit: 1 }, signal);
      if (any.items.length === 0) throw new ItemNotFoundError("No item has this id.");
    }

    const shown = fitting(page.items);
    const { timestamp: lowest = from } = shown.at(-1) ?? {};
    const more = (page.more || shown.length < page.items.length) && lowest > from;
    return jsonResponse(200, {
      items: shown,
      ...(more ? { nextCursor: writeCursor(scope, lowest) } : {}),
    });
  };

/**
 * The leading items that fit in one JSON response. One always fits: 400 KB is at most 2.4 MB when
 * escaped.
 */
const fitting = (items: readonly Item[]): readonly Item[] => {
  let bytes = 0;
  const firstOver = items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return bytes > ANSWER_MAX_BYTES;
  });
  return firstOver === -1 ? items : items.slice(0, firstOver);
};
