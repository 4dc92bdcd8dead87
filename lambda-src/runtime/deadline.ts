/** Longest time a request may wait for the table in all, in milliseconds: it is answered within 3 seconds. */
export const DEADLINE_MS = 2_500;

/** Time kept back from Lambda's own time-out for the answer, logs, metrics and traces, in milliseconds. */
export const DEADLINE_MARGIN_MS = 300;

/**
 * Does an invocation's work, with a signal that fires when its time is used: after `longestMs`, or 300 ms before Lambda
 * would end the function. Give the function a time-out of 3 seconds or more, or the margin eats its time.
 */
export const withDeadline = async <T>(
  context: { getRemainingTimeInMillis(): number },
  work: (signal: AbortSignal) => Promise<T>,
  longestMs: number = DEADLINE_MS,
): Promise<T> => {
  const deadline = new AbortController();
  const leftMs = Math.min(context.getRemainingTimeInMillis() - DEADLINE_MARGIN_MS, longestMs);
  // Not AbortSignal.timeout: it would fire, and make an error, long after each request that is done.
  const timer = setTimeout(() => deadline.abort(), Math.max(1, leftMs));
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
};
