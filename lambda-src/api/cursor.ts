import { createHash } from "node:crypto";
import { InvalidParameterError } from "./http-errors";

/** 16 bytes in base64url: the last of 22 characters carries two bits, so it has four values. */
export const CURSOR_PATTERN = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** What a cursor belongs to: an id, and the first and last timestamp that may be listed. */
export interface CursorScope {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A cursor is where the next page begins (8 bytes: the last timestamp listed) and a digest of what it belongs to
 * (8 bytes). It is opaque, not secret: docs/decisions/cursors.md says why a forged one gains nothing.
 */
export const writeCursor = (scope: CursorScope, lastTimestamp: number): string => {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(BigInt(lastTimestamp));
  digest(scope).copy(bytes, 8);
  return bytes.toString("base64url");
};

/**
 * The last timestamp listed before.
 *
 * @throws InvalidParameterError where the cursor is of another id or other bounds, or points out of them
 */
export const readCursor = (scope: CursorScope, cursor: string): number => {
  const bytes = Buffer.from(cursor, "base64url");
  const lastTimestamp = Number(bytes.readBigUInt64BE());
  const fits = lastTimestamp > scope.from && lastTimestamp <= scope.to;
  if (fits && digest(scope).equals(bytes.subarray(8))) return lastTimestamp;
  throw new InvalidParameterError(
    "Change the query: the cursor is of a list with another id, from or to. Send it with those, or begin anew.",
  );
};

const digest = ({ id, from, to }: CursorScope): Buffer =>
  createHash("sha256")
    .update(JSON.stringify(["cursor 1", id, from, to]))
    .digest()
    .subarray(0, 8);
