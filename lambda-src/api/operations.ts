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

const etag = "The item's version, to send as If-Match.";
const location = "The item's URL, relative to the request's URL.";
const oneItem = { name: "Item", schema: item } as const;

const bodyProblems = ["malformed-body", "invalid-item", "item-too-large", "unsupported-media-type"] as const;

/**
 * The API's operations, by operationId. The handler's routes, API Gateway's routes, models and required
 * parameters, docs/openapi.json and docs/api.md are all generated from this table, so nothing is listed
 * twice.
 */
export const operations = {
  createItem: {
    route: "POST /items",
    summary: "Add an item to an id's history",
    description:
      "Never replaces an item. Without a timestamp, the item gets the current millisecond or, if that is taken, a free one shortly after it, within a minute. With an Idempotency-Key, the request can be retried for 24 hours: the same caller, key and body always return the same item.",
    parameters: {
      "Idempotency-Key": {
        in: "header",
        schema: idempotencyKey,
        description:
          "Any text that is unique to the item, such as a UUID. Send the same text with every retry.",
      },
    },
    requestBody: { name: "ItemDraft", schema: itemDraft, description: "The item to add." },
    successes: {
      201: {
        description: "The item as stored.",
        body: oneItem,
        headers: { etag, location },
        optionalHeaders: {
          "idempotent-replayed": "`true` if an earlier request with the same key created the item.",
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
      "A page ends at limit, at 1 MB of stored items, or when the response reaches 5 MB. The list is not a snapshot: an item added above the cursor does not appear on later pages.",
    parameters: {
      id,
      from: {
        in: "query",
        schema: itemTimestamp,
        description: "The earliest timestamp to list, inclusive.",
      },
      to: {
        in: "query",
        schema: itemTimestamp,
        description: "The latest timestamp to list, inclusive.",
      },
      limit: {
        in: "query",
        schema: limit,
        description: `The maximum number of items per page. The default is ${LIMIT_DEFAULT}.`,
      },
      cursor: {
        in: "query",
        schema: cursor,
        description: "The previous page's nextCursor. Send it with the same id, from and to.",
      },
    },
    successes: {
      200: {
        description: "A page of the history. nextCursor is present if more items may follow.",
        body: { name: "ItemPage", schema: itemPage },
      },
    },
    problems: ["invalid-parameter", "item-not-found", "table-unavailable"],
  },
  getItem: {
    route: "GET /items/{id}/{timestamp}",
    summary: "Read one item",
    description: "A strongly consistent read: it sees every write that was acknowledged before.",
    parameters: { id, timestamp },
    successes: { 200: { description: "The item.", body: oneItem, optionalHeaders: { etag } } },
    problems: ["invalid-parameter", "item-not-found", "table-unavailable"],
  },
  putItem: {
    route: "PUT /items/{id}/{timestamp}",
    summary: "Create or replace one item",
    description:
      "Replaces an item only if If-Match is its version or *. Creates an item if the request has no precondition or If-None-Match: *.",
    parameters: {
      id,
      timestamp,
      "If-Match": { in: "header", schema: ifMatch, description: "The version to replace, or * for any." },
      "If-None-Match": {
        in: "header",
        schema: ifNoneMatch,
        description: "* creates the item and never replaces one.",
      },
    },
    requestBody: { name: "ItemContent", schema: itemContent, description: "The item's content." },
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
    description: "Requires If-Match, so that nobody deletes a version that they have not seen.",
    parameters: {
      id,
      timestamp,
      "If-Match": {
        in: "header",
        required: "in-handler",
        schema: ifMatch,
        description: "The version to delete, or * for any.",
      },
    },
    successes: { 204: { description: "The item was deleted." } },
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
    summary: "Check that the API and its table respond",
    description: "Reads from the table and writes nothing.",
    parameters: {},
    successes: { 200: { description: "Both respond.", body: { name: "Health", schema: health } } },
    problems: ["table-unavailable"],
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof operations;
