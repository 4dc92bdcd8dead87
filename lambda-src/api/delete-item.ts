import { emptyResponse } from "./api-response";
import { ifMatchCondition } from "./etag";
import { ItemNotFoundError, PreconditionFailedError, PreconditionRequiredError } from "./http-errors";
import type { ApiProps, OperationHandler } from "./operation-handler";
import { refusalDetail } from "./refusal-detail";

/** Deletes the item that If-Match matches. */
export const deleteItem =
  ({ items, count }: ApiProps): OperationHandler<"deleteItem"> =>
  async ({ "If-Match": ifMatch, ...key }, _event, signal) => {
    if (ifMatch === undefined) {
      throw new PreconditionRequiredError("Send If-Match with the item's ETag, or * to delete any version.");
    }
    const refused = await items.delete(key, ifMatchCondition(ifMatch), signal);
    if (refused?.exists) {
      count("Conflict");
      const detail = "The item has changed. Read it again, then send If-Match with its current ETag.";
      throw new PreconditionFailedError(refusalDetail(detail, refused, "deleted an earlier version"));
    }
    if (refused !== undefined) {
      const detail = "No item has this id and timestamp.";
      throw new ItemNotFoundError(refusalDetail(detail, refused, "deleted one"));
    }
    count("ItemRemoved");
    return emptyResponse();
  };
