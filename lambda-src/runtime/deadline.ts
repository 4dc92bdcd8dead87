/** Longest time a request may wait for the table in all, in milliseconds: it is answered within 3 seconds. */
export const DEADLINE_MS = 2_500;

/** Time kept back from Lambda's own time-out for the answer, logs and metrics, in milliseconds. */
export const DEADLINE_MARGIN_MS = 300;

/**
 * Fires when the request has used its time: after 2,500 ms, or 300 ms before Lambda would end the function.
 * Give the function a time-out of 3 seconds or more, or the margin eats the request's time.
 */
export const deadlineSignal = (context: { getRemainingTimeInMillis(): number }): AbortSignal =>
  AbortSignal.timeout(
    Math.max(1, Math.min(context.getRemainingTimeInMillis() - DEADLINE_MARGIN_MS, DEADLINE_MS)),
  );
