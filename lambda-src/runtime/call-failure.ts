const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  // The client's second attempt came while DynamoDB worked on its first.
  "TransactionInProgressException",
]);

const UNREACHABLE = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Ended by a time-out of its own, or by the deadline of the invocation. */
const ENDED = new Set(["AbortError", "TimeoutError"]);

/** What is known of a failed AWS call. */
export interface CallFailure {
  readonly name: string;
  readonly message: string;
  /** HTTP status of the answer, 0 where there was none. */
  readonly status: number;
  /** Whether the service refused it for load. */
  readonly throttled: boolean;
  /** Whether the same call may succeed later: throttled, timed out, unreachable, or a fault of the service. */
  readonly transient: boolean;
}

export const callFailure = (error: unknown): CallFailure => {
  const { name, message, code, $metadata } = (error ?? {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  const throttled = THROTTLED.has(`${name}`);
  return {
    name: `${name}`,
    message: `${message}`,
    status,
    throttled,
    transient: throttled || UNREACHABLE.has(`${code}`) || ENDED.has(`${name}`) || status >= 500,
  };
};
