import type { Refused } from "../items/condition";
import { itemContent, parseItem } from "../items/item";
import { requireSize } from "../items/item-size";
import { jsonResponse } from "./api-response";
import { etagHeader, ifMatchCondition } from "./etag";
import { InvalidParameterError, PreconditionFailedError, PreconditionRequiredError } from "./http-errors";
import { itemPath } from "./item-path";
import { readJsonBody } from "./json-body";
import type { ApiProps, OperationHandler } from "./operation-handler";
import { refusalDetail } from "./refusal-detail";

/**
 * Replaces the item that If-Match matches, or creates one if none exists. Never replaces an item without
 * If-Match.
 */
export const putItem =
  ({ items, count }: ApiProps): OperationHandler<"putItem"> =>
  async ({ id, timestamp, "If-Match": ifMatch, "If-None-Match": ifNoneMatch }, event, signal) => {
    if (ifMatch !== undefined && ifNoneMatch !== undefined) {
      throw new InvalidParameterError("Send either If-Match or If-None-Match, not both.");
    }
    const item = { id, timestamp, ...parseItem(itemContent, readJsonBody(event)) };
    requireSize(item);

    const condition = ifMatch === undefined ? "absent" : ifMatchCondition(ifMatch);
    const outcome = await items.put(item, condition, signal);
    if (typeof outcome !== "string") {
      count("Conflict");
      throw refusal(outcome, ifMatch, ifNoneMatch);
    }

    if (ifMatch !== undefined) {
      count("ItemChanged");
      return jsonResponse(200, item, etagHeader(outcome));
    }
    count("ItemCreated");
    return jsonResponse(201, item, { ...etagHeader(outcome), location: itemPath(event, item) });
  };

const refusal = (refused: Refused, ifMatch: string | undefined, ifNoneMatch: string | undefined) => {
  const detail = (text: string) => refusalDetail(text, refused, "written its own version");
  if (ifMatch === "*") {
    return new PreconditionFailedError(detail("The item does not exist. Create it without If-Match."));
  }
  if (ifMatch !== undefined) {
    return new PreconditionFailedError(
      detail("The item has changed or was deleted. Read it again, then send If-Match with its current ETag."),
    );
  }
  if (ifNoneMatch !== undefined) {
    return new PreconditionFailedError(
      detail("The item already exists. Send If-Match with its ETag to replace it."),
    );
  }
  return new PreconditionRequiredError(
    detail("The item already exists. Read it, then send If-Match with its ETag to replace it."),
  );
};
