import { jsonResponse } from "./api-response";
import { etagHeader } from "./etag";
import { ItemNotFoundError } from "./http-errors";
import type { ApiProps, OperationHandler } from "./operation-handler";

/** Reads one item with its version. */
export const getItem =
  ({ items }: ApiProps): OperationHandler<"getItem"> =>
  async (key, _event, signal) => {
    const stored = await items.get(key, signal);
    if (stored === undefined) throw new ItemNotFoundError("No item has this id and timestamp.");
    return jsonResponse(200, stored.item, etagHeader(stored.etag));
  };
