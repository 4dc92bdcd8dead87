import { randomFillSync } from "node:crypto";

/**
 * Filled in one go, because asking the system for random bytes takes longer than everything else that a
 * request does with them.
 */
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** Cryptographically secure random bytes, as text. @param bytes up to 4,096 */
export const randomText = (bytes: number, encoding: "hex" | "base64url"): string => {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
};
