const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
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

/** Whether a failed DynamoDB call may succeed later: throttled, timed out, unreachable, or a fault of its own. */
export const isTableUnavailable = (error: unknown): boolean => {
  const { name, code, status } = describe(error);
  return THROTTLED.has(name) || UNREACHABLE.has(code) || name === "TimeoutError" || status >= 500;
};

/** Whether DynamoDB refused a write for the item's size. It has no error name of its own. */
export const isItemTooLarge = (error: unknown): boolean => {
  const { name, message } = describe(error);
  return name === "ValidationException" && /item size/i.test(message);
};

const describe = (error: unknown) => {
  const { name, message, code, $metadata } = (error ?? {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  return { name: `${name}`, message: `${message}`, code: `${code}`, status: $metadata?.httpStatusCode ?? 0 };
};
