import { createHash } from "node:crypto";
import { InvalidParameterError } from "./http-errors";

/**
 * 16 bytes in base64url: 22 characters, of which the last carries two bits and so has four possible values.
 */
export const CURSOR_PATTERN = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** The list that a cursor belongs to: an id, and the first and last timestamp to list. */
export interface CursorScope {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A cursor consists of the last timestamp listed (8 bytes), which is where the next page begins, and a digest
 * of the list that it belongs to (8 bytes). It is opaque, not secret: docs/decisions/cursors.md explains why
 * forging one gains nothing.
 */
export const writeCursor = (scope: CursorScope, lastTimestamp: number): string => {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(BigInt(lastTimestamp));
  digest(scope).copy(bytes, 8);
  return bytes.toString("base64url");
};

/**
 * The last timestamp of the previous page.
 *
 * @throws InvalidParameterError if the cursor is for a different id or different bounds, or points outside
 *   them
 */
export const readCursor = (scope: CursorScope, cursor: string): number => {
  const bytes = Buffer.from(cursor, "base64url");
  const lastTimestamp = Number(bytes.readBigUInt64BE());
  const fits = lastTimestamp > scope.from && lastTimestamp <= scope.to;
  if (fits && digest(scope).equals(bytes.subarray(8))) return lastTimestamp;
  throw new InvalidParameterError(
    "The cursor belongs to a list with a different id, from or to. Send it with the same ones, or start without a cursor.",
  );
};

const digest = ({ id, from, to }: CursorScope): Buffer =>
  createHash("sha256")
    .update(JSON.stringify(["cursor 1", id, from, to]))
    .digest()
    .subarray(0, 8);
