import { assignedTimestamps } from "../items/assigned-timestamps";
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
 * Adds an item. Without an Idempotency-Key, this takes at most twelve calls to the table: eleven writes and, if the
 * current millisecond is taken, one search.
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

    const [condition, timestamps] =
      draft.timestamp === undefined
        ? ([
            "free",
            assignedTimestamps(clock, (from, to) => items.newest(item.id, from, to, signal)),
          ] as const)
        : (["absent", [draft.timestamp]] as const);
    const write = async (timestamp: number): Promise<Creation | undefined> => {
      const attempt = { ...item, timestamp };
      if (record !== undefined) return items.create(attempt, condition, record, signal);
      const etag = await items.put(attempt, condition, signal);
      return etag === undefined ? undefined : { timestamp, etag, replayed: false };
    };
    let created: Creation | undefined;
    for await (const timestamp of timestamps) {
      created = await write(timestamp);
      if (created !== undefined) break;
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
      ? "Other items with this id took every timestamp that was tried. Send the request again."
      : "An item with this id and timestamp already exists. Send another timestamp, or omit it to have one assigned.",
  );
