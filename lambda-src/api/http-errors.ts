import type { ItemErrorKind } from "../items/item-errors";
import type { ProblemKind } from "./problems";

/**
 * The API refuses the request. The message becomes the problem's `detail` and is sent to the client, so it
 * says what to change and contains nothing internal. The `cause` is for the log only.
 */
export abstract class HttpError extends Error {
  abstract override readonly name: string;
  /** Key of the problem in problems.ts, which has its status and title. */
  abstract readonly kind: Exclude<ProblemKind, ItemErrorKind>;
}

/** The request body is missing, or is not JSON in UTF-8. */
export class MalformedBodyError extends HttpError {
  override readonly name = "MalformedBodyError";
  readonly kind = "malformed-body";
}

/** The request body has a type, charset or content encoding that the API does not read. */
export class UnsupportedMediaTypeError extends HttpError {
  override readonly name = "UnsupportedMediaTypeError";
  readonly kind = "unsupported-media-type";
}

/** A path, query or header parameter is missing or out of bounds. */
export class InvalidParameterError extends HttpError {
  override readonly name = "InvalidParameterError";
  readonly kind = "invalid-parameter";
}

/** The API has no such method on this path. */
export class RouteNotFoundError extends HttpError {
  override readonly name = "RouteNotFoundError";
  readonly kind = "route-not-found";
}

/** No item has the requested id, or the requested id and timestamp. */
export class ItemNotFoundError extends HttpError {
  override readonly name = "ItemNotFoundError";
  readonly kind = "item-not-found";
}

/** An item with this id and timestamp already exists. It was not changed. */
export class ItemExistsError extends HttpError {
  override readonly name = "ItemExistsError";
  readonly kind = "item-exists";
}

/** The item does not meet If-Match or If-None-Match. It was not changed. */
export class PreconditionFailedError extends HttpError {
  override readonly name = "PreconditionFailedError";
  readonly kind = "precondition-failed";
}

/** The request would replace or delete an item without naming its version. */
export class PreconditionRequiredError extends HttpError {
  override readonly name = "PreconditionRequiredError";
  readonly kind = "precondition-required";
}
