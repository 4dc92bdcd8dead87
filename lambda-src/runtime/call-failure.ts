const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  // The client's second attempt arrived while DynamoDB was still processing its first.
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

/** The name of the error of a write to a row that another request's transaction is writing. */
export const TRANSACTION_CONFLICT = "TransactionConflictException";

/** Aborted by the call's own timeout or by the invocation's deadline. */
const ABORTED = new Set(["AbortError", "TimeoutError"]);

/** Facts about a failed AWS call. */
export interface CallFailure {
  readonly name: string;
  readonly message: string;
  /** HTTP status of the response, 0 if there was none. */
  readonly status: number;
  /** Whether the service throttled the call. */
  readonly throttled: boolean;
  /**
   * Whether the same call can succeed later: it was throttled, timed out, did not reach the service, met
   * another request's transaction, or the service failed.
   */
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
    transient:
      throttled ||
      UNREACHABLE.has(`${code}`) ||
      ABORTED.has(`${name}`) ||
      name === TRANSACTION_CONFLICT ||
      status >= 500,
  };
};
