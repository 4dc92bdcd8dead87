/**
 * Sort key of every row that is not an item. It is below any timestamp that an item can have, so no history
 * lists such a row, and the stream's filter recognizes them all by this one value.
 */
export const RESERVED_TIMESTAMP = -1;

/** Key of the row that a health check reads. The row never exists; no item's id can contain a slash. */
export const HEALTH_KEY = { id: "health/", timestamp: RESERVED_TIMESTAMP } as const;
