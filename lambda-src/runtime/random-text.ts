import { randomFillSync } from "node:crypto";

/** Filled at once, as asking the system for randomness takes longer than all else that a request does with it. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** Random bytes that nobody can guess, as text. @param bytes up to 4,096 */
export const randomText = (bytes: number, encoding: "hex" | "base64url"): string => {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
};
