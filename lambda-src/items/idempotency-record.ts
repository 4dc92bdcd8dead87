import { createHash } from "node:crypto";

/**
 * The table's TTL attribute, in epoch seconds. Only idempotency records have it; items have no room for it.
 */
export const TTL_ATTRIBUTE = "expiresAt";

/** How long a key is remembered: longer than any client keeps retrying. */
export const IDEMPOTENCY_SECONDS = 24 * 60 * 60;

/** A request that its client may send again. */
export interface IdempotentRequest {
  readonly operationId: string;
  /** Whoever signed the request: two callers can use the same key independently. */
  readonly caller: string;
  readonly key: string;
  readonly body: unknown;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The row that remembers an idempotent request, without the item that the request created. */
export interface IdempotencyRecord {
  /** Hash key. No item's id can contain its slash. */
  readonly id: string;
  readonly requestHash: string;
  /** Epoch seconds. */
  readonly now: number;
  /** Epoch seconds. TTL deletes late, so an expired record is treated as absent. */
  readonly expiresAt: number;
}

export const idempotencyRecord = ({
  operationId,
  caller,
  key,
  body,
  now,
}: IdempotentRequest): IdempotencyRecord => {
  const seconds = Math.floor(now / 1_000);
  return {
    id: `idempotency/${sha256(JSON.stringify([operationId, caller, key]))}`,
    requestHash: sha256(JSON.stringify(sorted(body))),
    now: seconds,
    expiresAt: seconds + IDEMPOTENCY_SECONDS,
  };
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** The same JSON value with each object's names sorted, because clients can write them in any order. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, child]) => [name, sorted(child)]));
};
