import { setTimeout as wait } from "node:timers/promises";

/** Longest wait before the second attempt, in milliseconds. It doubles with each further attempt. */
export const PAUSE_MS = 25;

/**
 * Waits a random time that grows with each attempt, so that conflicting requests spread out. Ends when the
 * signal fires.
 */
export const pause = async (attempts: number, signal: AbortSignal): Promise<void> => {
  const milliseconds = Math.random() * PAUSE_MS * 2 ** (attempts - 1);
  await wait(milliseconds, undefined, { signal }).catch(() => {});
};
