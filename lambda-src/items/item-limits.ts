/**
 * Longest id, in characters (code points, as zod and JSON schema count them). That is at most 1,024 bytes of
 * UTF-8, well below DynamoDB's limit of 2,048 bytes for a partition key.
 */
export const ITEM_ID_MAX_LENGTH = 256;

/**
 * Latest timestamp, in milliseconds since 1970: the latest that `Date` can represent (ECMA-262, 21.4.1.1).
 */
export const ITEM_TIMESTAMP_MAX = 8.64e15;
