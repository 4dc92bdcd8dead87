import { HttpError } from "./http-error";

/** The request body is absent, or is not JSON in UTF-8. */
export class MalformedBodyError extends HttpError {
  override readonly name = "MalformedBodyError";
  readonly kind = "malformed-body";
}

/** The request body is of a type, charset or content encoding that the API does not read. */
export class UnsupportedMediaTypeError extends HttpError {
  override readonly name = "UnsupportedMediaTypeError";
  readonly kind = "unsupported-media-type";
}

/** The body is JSON, but not an item that can be kept. */
export class InvalidItemError extends HttpError {
  override readonly name = "InvalidItemError";
  readonly kind = "invalid-item";
}

/** A path, query or header parameter is missing or out of bounds. */
export class InvalidParameterError extends HttpError {
  override readonly name = "InvalidParameterError";
  readonly kind = "invalid-parameter";
}

/** The item is larger than the table can keep. */
export class ItemTooLargeError extends HttpError {
  override readonly name = "ItemTooLargeError";
  readonly kind = "item-too-large";
}

/** A row with the item's id and timestamp is there already; it was left as it is. */
export class ItemExistsError extends HttpError {
  override readonly name = "ItemExistsError";
  readonly kind = "item-exists";
}

/** No row has the id, or the id and timestamp, asked for. */
export class ItemNotFoundError extends HttpError {
  override readonly name = "ItemNotFoundError";
  readonly kind = "item-not-found";
}

/** The row is not as If-Match or If-None-Match demands; it was left as it is. */
export class PreconditionFailedError extends HttpError {
  override readonly name = "PreconditionFailedError";
  readonly kind = "precondition-failed";
}

/** The write would replace or delete a row that its sender has not shown to know. */
export class PreconditionRequiredError extends HttpError {
  override readonly name = "PreconditionRequiredError";
  readonly kind = "precondition-required";
}

/** The caller used the idempotency key for a request with another body. */
export class IdempotencyKeyReusedError extends HttpError {
  override readonly name = "IdempotencyKeyReusedError";
  readonly kind = "idempotency-key-reused";
}

/** The API has no such method on such a path. */
export class RouteNotFoundError extends HttpError {
  override readonly name = "RouteNotFoundError";
  readonly kind = "route-not-found";
}

/** The table refused the call for load, or did not answer in time. Nothing is known of a write's outcome. */
export class TableUnavailableError extends HttpError {
  override readonly name = "TableUnavailableError";
  readonly kind = "table-unavailable";
}

/**
 * The invocation is not what the function serves. Thrown, never answered: Lambda then retries an asynchronous
 * invocation and sends it to the dead-letter queue.
 */
export class UnexpectedEventError extends Error {
  override readonly name = "UnexpectedEventError";

  /**
   * @param expected what the function serves
   * @param missing paths of the event that are absent or of the wrong type; never its values
   */
  constructor(
    expected: string,
    readonly missing: readonly string[],
  ) {
    super(`not ${expected}: missing or of the wrong type: ${missing.join(", ")}`);
  }
}
