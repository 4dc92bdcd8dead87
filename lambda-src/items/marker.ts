import { createHash } from "node:crypto";

/**
 * Sort key of every row that is no item: below any timestamp that an item can have, so no history lists it and
 * the stream's filter tells it by one value.
 */
export const MARKER_TIMESTAMP = -1;

/** The table's TTL attribute: epoch seconds. Markers alone have it; an item has no room for it. */
export const TTL_ATTRIBUTE = "expiresAt";

/** How long a key is remembered: longer than any client goes on trying. */
export const IDEMPOTENCY_SECONDS = 24 * 60 * 60;

/** Key of the row that a health check looks for. It is never there; a slash keeps it apart from any item's id. */
export const HEALTH_KEY = { id: "health/", timestamp: MARKER_TIMESTAMP } as const;

/** A request that its client may send again: who sent which operation under which key, and what it asked for. */
export interface IdempotentRequest {
  readonly operationId: string;
  /** Whoever signed the request: two callers may use one key. */
  readonly caller: string;
  readonly key: string;
  readonly body: unknown;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The row that remembers an idempotent request, before it says what the request made. */
export interface Marker {
  /** Hash key. No item's id has a slash in it. */
  readonly id: string;
  readonly requestHash: string;
  /** Epoch seconds, now and when the marker may go. TTL deletes late, so an expired marker is taken for none. */
  readonly now: number;
  readonly expiresAt: number;
}

export const marker = ({ operationId, caller, key, body, now }: IdempotentRequest): Marker => {
  const seconds = Math.floor(now / 1_000);
  return {
    id: `idempotency/${sha256(JSON.stringify([operationId, caller, key]))}`,
    requestHash: sha256(JSON.stringify(sorted(body))),
    now: seconds,
    expiresAt: seconds + IDEMPOTENCY_SECONDS,
  };
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** The same JSON value with the names of each object in one order: clients may write theirs in any. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, child]) => [name, sorted(child)]));
};
