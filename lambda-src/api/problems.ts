export interface ProblemFacts {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** A short summary, the same for every occurrence. */
  readonly title: string;
  /** Seconds that the client should wait before it retries, sent as Retry-After. */
  readonly retryAfterSeconds?: number;
}

/**
 * Every problem that the API returns on purpose: status and title, keyed by kind (the last part of the problem's type). The errors in http-errors.ts and ../items/item-errors.ts name a kind; the message becomes the detail,
 * and is written where the error is thrown, such as create-item.ts.
 */
export const problemsByKind = {
  "malformed-body": { status: 400, title: "The request body cannot be read" },
  "invalid-item": { status: 400, title: "The item is not valid" },
  "invalid-parameter": { status: 400, title: "A request parameter is not valid" },
  "item-not-found": { status: 404, title: "No such item" },
  "route-not-found": { status: 404, title: "No such route" },
  "item-exists": { status: 409, title: "The item already exists" },
  "precondition-failed": { status: 412, title: "The item does not meet the request's precondition" },
  "item-too-large": { status: 413, title: "The item is too large" },
  "unsupported-media-type": { status: 415, title: "The request body's media type is not supported" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key was used for another request" },
  "precondition-required": { status: 428, title: "The request needs a precondition" },
  // Long enough for DynamoDB to split a hot partition, short enough for a person to wait.
  "table-unavailable": {
    status: 503,
    title: "The service is temporarily unavailable",
    retryAfterSeconds: 2,
  },
} as const satisfies Readonly<Record<string, ProblemFacts>>;

export type ProblemKind = keyof typeof problemsByKind;
