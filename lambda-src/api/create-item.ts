import type { Creation } from "../items/create-once";
import { idempotencyRecord } from "../items/idempotency-record";
import { type Item, itemDraft, parseItem } from "../items/item";
import { requireSize } from "../items/item-size";
import { caller } from "./api-event";
import { jsonResponse } from "./api-response";
import { etagHeader } from "./etag";
import { ItemExistsError } from "./http-errors";
import { itemPath } from "./item-path";
import { readJsonBody } from "./json-body";
import type { ApiProps, OperationHandler } from "./operation-handler";

/**
 * Adds an item. Without an Idempotency-Key, this takes at most three calls to the table: one write and, if the
 * assigned millisecond is taken, one read and a second write.
 */
export const createItem =
  ({ items, count, clock }: ApiProps): OperationHandler<"createItem"> =>
  async ({ "Idempotency-Key": key }, event, signal) => {
    const draft = parseItem(itemDraft, readJsonBody(event));
    const now = clock();
    const item: Item = { id: draft.id, timestamp: draft.timestamp ?? now, data: draft.data };
    requireSize(item);
    const record =
      key === undefined
        ? undefined
        : idempotencyRecord({ operationId: "createItem", caller: caller(event), key, body: draft, now });

    const write = async (timestamp: number): Promise<Creation | undefined> => {
      const attempt = { ...item, timestamp };
      if (record !== undefined) return items.create(attempt, record, signal);
      const etag = await items.put(attempt, "absent", signal);
      return etag === undefined ? undefined : { timestamp, etag, replayed: false };
    };
    let created = await write(item.timestamp);
    if (created === undefined && draft.timestamp === undefined) {
      const free = await items.freeTimestamp(item.id, now, signal);
      created = free === undefined ? undefined : await write(free);
    }
    if (created === undefined) {
      count("Conflict");
      throw exists(draft.timestamp);
    }

    count(created.replayed ? "IdempotentReplay" : "ItemCreated");
    const answer = { ...item, timestamp: created.timestamp };
    return jsonResponse(201, answer, {
      ...etagHeader(created.etag),
      location: itemPath(event, answer),
      ...(created.replayed ? { "idempotent-replayed": "true" } : {}),
    });
  };

const exists = (timestamp: number | undefined): ItemExistsError =>
  new ItemExistsError(
    timestamp === undefined
      ? "Other items with this id took the next free timestamps. Send the request again."
      : "An item with this id and timestamp already exists. Send another timestamp, or omit it to have one assigned.",
  );
