/** Longest time a request may wait for the table in all, in milliseconds: it is answered within 3 seconds. */
export const DEADLINE_MS = 2_500;

/** Time kept back from Lambda's own time-out for the answer, logs, metrics and traces, in milliseconds. */
export const DEADLINE_MARGIN_MS = 300;

/**
 * Fires when an invocation has used its time: after `longestMs`, or 300 ms before Lambda would end the function.
 * Give the function a time-out of 3 seconds or more, or the margin eats its time.
 */
export const deadlineSignal = (
  context: { getRemainingTimeInMillis(): number },
  longestMs: number = DEADLINE_MS,
): AbortSignal =>
  AbortSignal.timeout(
    Math.max(1, Math.min(context.getRemainingTimeInMillis() - DEADLINE_MARGIN_MS, longestMs)),
  );
