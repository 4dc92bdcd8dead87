import { HttpError } from "./http-error";

/** The request body is absent, or is not JSON in UTF-8. */
export class MalformedBodyError extends HttpError {
  override readonly name = "MalformedBodyError";
  readonly status = 400;
  readonly kind = "malformed-body";
  readonly title = "The request body cannot be read";
}

/** The request body is of a type, charset or content encoding that the API does not read. */
export class UnsupportedMediaTypeError extends HttpError {
  override readonly name = "UnsupportedMediaTypeError";
  readonly status = 415;
  readonly kind = "unsupported-media-type";
  readonly title = "The request body's media type is not supported";
}

/** The body is JSON, but not an item that can be kept. */
export class InvalidItemError extends HttpError {
  override readonly name = "InvalidItemError";
  readonly status = 400;
  readonly kind = "invalid-item";
  readonly title = "The item is not valid";
}

/** A path or query parameter is missing or out of bounds. */
export class InvalidParameterError extends HttpError {
  override readonly name = "InvalidParameterError";
  readonly status = 400;
  readonly kind = "invalid-parameter";
  readonly title = "A request parameter is not valid";
}

/** The item is larger than the table can keep. */
export class ItemTooLargeError extends HttpError {
  override readonly name = "ItemTooLargeError";
  readonly status = 413;
  readonly kind = "item-too-large";
  readonly title = "The item is too large";
}

/** A row with the item's id and timestamp is there already; it was left as it is. */
export class ItemExistsError extends HttpError {
  override readonly name = "ItemExistsError";
  readonly status = 409;
  readonly kind = "item-exists";
  readonly title = "The item exists";
}

/** No row has the id asked for. */
export class ItemNotFoundError extends HttpError {
  override readonly name = "ItemNotFoundError";
  readonly status = 404;
  readonly kind = "item-not-found";
  readonly title = "No such item";
}

/** The API has no such method on such a path. */
export class RouteNotFoundError extends HttpError {
  override readonly name = "RouteNotFoundError";
  readonly status = 404;
  readonly kind = "route-not-found";
  readonly title = "No such route";
}

/** The table refused the call for load, or did not answer in time. Nothing is known of a write's outcome. */
export class TableUnavailableError extends HttpError {
  override readonly name = "TableUnavailableError";
  readonly status = 503;
  readonly kind = "table-unavailable";
  readonly title = "The service is unavailable for the moment";
  /** Long enough for DynamoDB to split a hot partition's burst, short enough for a person to wait. */
  override readonly retryAfterSeconds = 2;
}

/**
 * The invocation is not a request from API Gateway's REST proxy integration. Thrown, never answered: Lambda
 * then retries an asynchronous invocation and sends it to the dead-letter queue.
 */
export class NotAnApiEventError extends Error {
  override readonly name = "NotAnApiEventError";

  /** @param missing paths of the event that are absent or of the wrong type; never its values */
  constructor(readonly missing: readonly string[]) {
    super(`not an API Gateway REST proxy event: missing or of the wrong type: ${missing.join(", ")}`);
  }
}
