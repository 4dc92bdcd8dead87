import { emptyResponse } from "./api-response";
import { ifMatchCondition } from "./etag";
import { ItemNotFoundError, PreconditionFailedError, PreconditionRequiredError } from "./http-errors";
import type { ApiProps, OperationHandler } from "./operation-handler";

/** Deletes the item that If-Match matches. */
export const deleteItem =
  ({ items, count }: ApiProps): OperationHandler<"deleteItem"> =>
  async ({ "If-Match": ifMatch, ...key }, _event, signal) => {
    if (ifMatch === undefined) {
      throw new PreconditionRequiredError("Send If-Match with the item's ETag, or * to delete any version.");
    }
    const outcome = await items.delete(key, ifMatchCondition(ifMatch), signal);
    if (outcome === "absent") throw new ItemNotFoundError("No item has this id and timestamp.");
    if (outcome === "absent-now") {
      throw new ItemNotFoundError(
        "No item has this id and timestamp now. If there was one, this request may have deleted it: its first call to the table failed.",
      );
    }
    if (outcome === "kept") {
      count("Conflict");
      throw new PreconditionFailedError(
        "The item has changed. Read it again, then send If-Match with its current ETag.",
      );
    }
    count("ItemRemoved");
    return emptyResponse();
  };
