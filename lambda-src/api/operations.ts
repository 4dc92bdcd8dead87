import { item, itemContent, itemDraft, itemId, itemTimestamp } from "../items/item";
import type { Operation } from "./operation";
import {
  cursor,
  health,
  idempotencyKey,
  ifMatch,
  ifNoneMatch,
  itemPage,
  LIMIT_DEFAULT,
  limit,
} from "./schemas";

const id = { in: "path", schema: itemId, description: "The item's id." } as const;
const timestamp = {
  in: "path",
  schema: itemTimestamp,
  description: "The item's timestamp, in milliseconds since 1970.",
} as const;

const etag = "The row's version, to send as If-Match.";
const location = "The path of the item.";
const oneItem = { name: "Item", schema: item } as const;

const bodyProblems = ["malformed-body", "invalid-item", "item-too-large", "unsupported-media-type"] as const;

/**
 * All that the API can be asked, by operationId. The handler's routes, the gateway's routes, models and required
 * parameters, docs/openapi.json and docs/api.md are made from this table: nothing is listed a second time.
 */
export const operations = {
  createItem: {
    route: "POST /items",
    summary: "Add an item to an id's history",
    description:
      "Never replaces an item. Without a timestamp the present millisecond is assigned, or where that is taken the next free one within a minute. With an Idempotency-Key it may be sent again for 24 hours: the same caller, key and body give the same item.",
    parameters: {
      "Idempotency-Key": {
        in: "header",
        schema: idempotencyKey,
        description: "Any text that is new for each item, such as a UUID, and the same in each retry.",
      },
    },
    requestBody: { name: "ItemDraft", schema: itemDraft, description: "The item to add." },
    successes: {
      201: {
        description: "The item as it is kept.",
        body: oneItem,
        headers: {
          etag,
          location,
          "idempotent-replayed": "`true` where an earlier request with the key made the item.",
        },
      },
    },
    problems: [
      ...bodyProblems,
      "invalid-parameter",
      "item-exists",
      "idempotency-key-reused",
      "table-unavailable",
    ],
  },
  listItems: {
    route: "GET /items/{id}",
    summary: "List an id's history, newest first",
    description:
      "A page ends at limit, at 1 MB of stored items or at 5 MB of answer. A list is not a snapshot: an item added above the cursor is not seen by the pages that follow.",
    parameters: {
      id,
      from: {
        in: "query",
        schema: itemTimestamp,
        description: "The earliest timestamp to list, itself included.",
      },
      to: {
        in: "query",
        schema: itemTimestamp,
        description: "The latest timestamp to list, itself included.",
      },
      limit: {
        in: "query",
        schema: limit,
        description: `Most items of a page; ${LIMIT_DEFAULT} where absent.`,
      },
      cursor: {
        in: "query",
        schema: cursor,
        description: "The last page's nextCursor, with the same id, from and to.",
      },
    },
    successes: {
      200: {
        description: "A page of the history; nextCursor is there where more may follow.",
        body: { name: "ItemPage", schema: itemPage },
      },
    },
    problems: ["invalid-parameter", "item-not-found", "table-unavailable"],
  },
  getItem: {
    route: "GET /items/{id}/{timestamp}",
    summary: "Read one item",
    description: "A strongly consistent read: a write that was answered is seen.",
    parameters: { id, timestamp },
    successes: { 200: { description: "The item.", body: oneItem, headers: { etag } } },
    problems: ["invalid-parameter", "item-not-found", "table-unavailable"],
  },
  putItem: {
    route: "PUT /items/{id}/{timestamp}",
    summary: "Create or replace one item",
    description:
      "Replaces an item only where If-Match names its version, or is *. Creates one without a precondition or with If-None-Match: *.",
    parameters: {
      id,
      timestamp,
      "If-Match": { in: "header", schema: ifMatch, description: "The version to replace, or * for any." },
      "If-None-Match": { in: "header", schema: ifNoneMatch, description: "* creates, and never replaces." },
    },
    requestBody: { name: "ItemContent", schema: itemContent, description: "What the item shall hold." },
    successes: {
      200: { description: "The item was replaced.", body: oneItem, headers: { etag } },
      201: { description: "The item was created.", body: oneItem, headers: { etag, location } },
    },
    problems: [
      ...bodyProblems,
      "invalid-parameter",
      "precondition-failed",
      "precondition-required",
      "table-unavailable",
    ],
  },
  deleteItem: {
    route: "DELETE /items/{id}/{timestamp}",
    summary: "Delete one item",
    description: "Needs If-Match, so that nobody deletes what they have not seen.",
    parameters: {
      id,
      timestamp,
      "If-Match": { in: "header", schema: ifMatch, description: "The version to delete, or * for any." },
    },
    successes: { 204: { description: "The item is gone." } },
    problems: [
      "invalid-parameter",
      "item-not-found",
      "precondition-failed",
      "precondition-required",
      "table-unavailable",
    ],
  },
  getHealth: {
    route: "GET /health",
    summary: "Tell whether the API and its table answer",
    description: "Reads from the table and writes nothing.",
    parameters: {},
    successes: { 200: { description: "Both answer.", body: { name: "Health", schema: health } } },
    problems: ["table-unavailable"],
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof operations;
