import { assignedTimestamps } from "../items/assigned-timestamps";
import type { Creation } from "../items/create-once";
import { idempotencyRecord } from "../items/idempotency-record";
import { type Item, itemDraft, parseItem } from "../items/item";
import { newEtag } from "../items/item-row";
import { requireSize } from "../items/item-size";
import { caller } from "./api-event";
import { jsonResponse } from "./api-response";
import { etagHeader } from "./etag";
import { ItemExistsError } from "./http-errors";
import { itemPath } from "./item-path";
import { readJsonBody } from "./json-body";
import type { ApiProps, OperationHandler } from "./operation-handler";
import { refusalDetail } from "./refusal-detail";

/**
 * Adds an item. Without an Idempotency-Key, this takes at most twelve calls to the table: eleven writes and, if the
 * current millisecond is taken, one search. The client may attempt each of them twice.
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

    const { timestamp: given } = draft;
    const condition = given === undefined ? "free" : "absent";
    const timestamps =
      given === undefined
        ? assignedTimestamps(clock, (from, to) => items.newest(item.id, from, to, signal))
        : [given];
    const etag = newEtag();
    let inDoubt = false;
    const write = async (timestamp: number): Promise<Creation | undefined> => {
      const attempt = { ...item, timestamp };
      if (record !== undefined) return items.create({ item: attempt, etag, condition, record }, signal);
      const outcome = await items.put(attempt, condition, signal);
      if (typeof outcome === "string") return { timestamp, etag: outcome, replayed: false };
      inDoubt ||= outcome.inDoubt;
      return undefined;
    };
    let created: Creation | undefined;
    for await (const timestamp of timestamps) {
      created = await write(timestamp);
      if (created !== undefined) break;
    }
    if (created === undefined) {
      count("Conflict");
      throw exists(given, inDoubt);
    }

    count(created.replayed ? "IdempotentReplay" : "ItemCreated");
    const answer = { ...item, timestamp: created.timestamp };
    return jsonResponse(201, answer, {
      ...etagHeader(created.etag),
      location: itemPath(event, answer),
      ...(created.replayed ? { "idempotent-replayed": "true" } : {}),
    });
  };

const exists = (timestamp: number | undefined, inDoubt: boolean): ItemExistsError => {
  const detail =
    timestamp === undefined
      ? "Other items with this id took every timestamp that was tried. Send the request again."
      : "An item with this id and timestamp already exists. Send another timestamp, or omit it to have one assigned.";
  return new ItemExistsError(refusalDetail(detail, { inDoubt }, "created one"));
};
