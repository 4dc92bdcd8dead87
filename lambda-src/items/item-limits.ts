/**
 * Longest id, in characters (code points, as zod and JSON schema count): at most 1,024 bytes of UTF-8, well below
 * the 2,048 bytes of a DynamoDB partition key.
 */
export const ITEM_ID_MAX_LENGTH = 256;

/** Latest timestamp, in milliseconds since 1970: the last one that `Date` can hold (ECMA-262, 21.4.1.1). */
export const ITEM_TIMESTAMP_MAX = 8.64e15;
