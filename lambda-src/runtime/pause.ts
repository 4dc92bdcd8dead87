import { setTimeout as wait } from "node:timers/promises";

/** Longest wait before the second attempt, in milliseconds; it doubles with each further one. */
export const PAUSE_MS = 25;

/** Waits a random time that grows with the attempts made, so that those who collided part. Ends at once with the signal. */
export const pause = async (attempts: number, signal: AbortSignal): Promise<void> => {
  const milliseconds = Math.random() * PAUSE_MS * 2 ** (attempts - 1);
  await wait(milliseconds, undefined, { signal }).catch(() => {});
};
