export type ItemErrorKind =
  | "idempotency-key-reused"
  | "invalid-item"
  | "item-too-large"
  | "table-unavailable";

/**
 * An item could not be written or read. The message can be sent to whoever asked: it says what to change and
 * contains nothing internal. The `cause` is for the log only.
 */
export abstract class ItemError extends Error {
  abstract override readonly name: string;
  /** Key of the problem that the API returns (lambda-src/api/problems.ts). */
  abstract readonly kind: ItemErrorKind;
}

/** The value is JSON, but not an item that the table can store. */
export class InvalidItemError extends ItemError {
  override readonly name = "InvalidItemError";
  readonly kind = "invalid-item";
}

/** The item is larger than the table can store. */
export class ItemTooLargeError extends ItemError {
  override readonly name = "ItemTooLargeError";
  readonly kind = "item-too-large";
}

/** The caller has already used the idempotency key for a request with a different body. */
export class IdempotencyKeyReusedError extends ItemError {
  override readonly name = "IdempotencyKeyReusedError";
  readonly kind = "idempotency-key-reused";
}

/** The table throttled the call or did not respond in time. A write may or may not have happened. */
export class TableUnavailableError extends ItemError {
  override readonly name = "TableUnavailableError";
  readonly kind = "table-unavailable";
}
