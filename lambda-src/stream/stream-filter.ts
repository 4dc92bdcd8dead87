import { RESERVED_TIMESTAMP } from "../items/reserved-keys";

/**
 * The filter of the table's event source mapping, as data: changes of items, and not of the rows that remember
 * idempotency keys. `anything-but` with a list is among the few comparisons that mappings support. It is a
 * saving: the function ignores those rows by itself as well.
 */
export const streamFilterPattern = {
  dynamodb: { Keys: { timestamp: { N: [{ "anything-but": [`${RESERVED_TIMESTAMP}`] }] } } },
} as const;
