import { type Item, type ItemDraft, parseItemDraft } from "../items/item";
import type { ItemRepository } from "../items/item-repository";
import { ITEM_MAX_BYTES, itemSizeBytes } from "../items/item-size";
import { jsonResponse } from "../runtime/api-response";
import { ItemExistsError, ItemTooLargeError } from "../runtime/errors";
import type { ApiEvent } from "./api-event";
import { readJsonBody } from "./json-body";
import type { RouteHandler } from "./router";

/** Most writes of one request, where the assigned millisecond is taken again and again. */
export const MAX_WRITES = 3;

export interface CreateItemProps {
  readonly items: ItemRepository;
  /** Called once for each row written. */
  readonly onCreated: () => void;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
}

/** `POST /items`: 201 with the item; 409 where its row exists, which is left as it is. */
export const createItem =
  ({ items, onCreated, clock = Date.now }: CreateItemProps): RouteHandler =>
  async (event, signal) => {
    const draft = parseItemDraft(readJsonBody(event));
    let item: Item = { ...draft, timestamp: draft.timestamp ?? clock() };
    requireSize(item);
    for (let writes = 1; !(await items.put(item, signal)); writes += 1) {
      if (draft.timestamp !== undefined || writes === MAX_WRITES) throw exists(draft);
      item = { ...item, timestamp: Math.max(clock(), item.timestamp + 1) };
    }
    onCreated();
    return jsonResponse(201, item, { location: location(event, item) });
  };

const requireSize = (item: Item): void => {
  if (itemSizeBytes(item) > ITEM_MAX_BYTES) {
    throw new ItemTooLargeError(`Make the item smaller: at most ${ITEM_MAX_BYTES} bytes, names included.`);
  }
};

const exists = ({ timestamp }: ItemDraft): ItemExistsError =>
  new ItemExistsError(
    timestamp === undefined
      ? "Other items of this id took the last milliseconds. Send the request again."
      : "An item with this id and timestamp exists. Send another timestamp, or none to have one assigned.",
  );

/** The path that lists the item's id, with the stage or base path that the client called. */
const location = ({ requestContext, resource }: ApiEvent, { id }: Item): string =>
  `${(requestContext.path ?? resource).replace(/\/$/, "")}/${encodeURIComponent(id)}`;
