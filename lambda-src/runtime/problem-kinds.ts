export interface ProblemKindFacts {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** What went wrong in a few words, the same in every occurrence. */
  readonly title: string;
  /** How long the client waits before it tries again, in seconds; sent as Retry-After. */
  readonly retryAfterSeconds?: number;
}

/** Every kind of problem that the API answers with; the kind is the last part of the problem's type. */
export const problemKinds = {
  "malformed-body": { status: 400, title: "The request body cannot be read" },
  "invalid-item": { status: 400, title: "The item is not valid" },
  "invalid-parameter": { status: 400, title: "A request parameter is not valid" },
  "item-not-found": { status: 404, title: "No such item" },
  "route-not-found": { status: 404, title: "No such route" },
  "item-exists": { status: 409, title: "The item exists" },
  "precondition-failed": { status: 412, title: "The item is not as the request expects it" },
  "item-too-large": { status: 413, title: "The item is too large" },
  "unsupported-media-type": { status: 415, title: "The request body's media type is not supported" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key belongs to another request" },
  "precondition-required": { status: 428, title: "The request needs a precondition" },
  // Long enough for DynamoDB to split a hot partition's burst, short enough for a person to wait.
  "table-unavailable": {
    status: 503,
    title: "The service is unavailable for the moment",
    retryAfterSeconds: 2,
  },
} as const satisfies Readonly<Record<string, ProblemKindFacts>>;

export type ProblemKind = keyof typeof problemKinds;
