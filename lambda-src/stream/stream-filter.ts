import { RESERVED_TIMESTAMP } from "../items/reserved-keys";

/**
 * The filter of the table's event source mapping, as data. It lets changes to items through, but not to
 * idempotency records. `anything-but` with a list is one of the few comparisons that mappings support. The
 * filter only saves invocations: the function also ignores those rows itself.
 */
export const streamFilterPattern = {
  dynamodb: { Keys: { timestamp: { N: [{ "anything-but": [`${RESERVED_TIMESTAMP}`] }] } } },
} as const;
