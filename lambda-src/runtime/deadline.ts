/**
 * Longest time that a request can wait for the table in total, in milliseconds, so that it is answered within
 * 3 seconds.
 */
export const DEADLINE_MS = 2_500;

/** Time reserved before Lambda's own timeout for the response, logs, metrics and traces, in milliseconds. */
export const DEADLINE_MARGIN_MS = 300;

/**
 * Runs an invocation's work with a signal that fires when its time is used up: after `longestMs`, or 300 ms
 * before Lambda would end the function. Give the function a timeout of at least 3 seconds; with less, the
 * margin cuts into its work.
 */
export const withDeadline = async <T>(
  context: { getRemainingTimeInMillis(): number },
  work: (signal: AbortSignal) => Promise<T>,
  longestMs: number = DEADLINE_MS,
): Promise<T> => {
  const deadline = new AbortController();
  const leftMs = Math.min(context.getRemainingTimeInMillis() - DEADLINE_MARGIN_MS, longestMs);
  // Not AbortSignal.timeout: it would fire, and create an error, long after a request has finished.
  const timer = setTimeout(() => deadline.abort(), Math.max(1, leftMs));
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
};
