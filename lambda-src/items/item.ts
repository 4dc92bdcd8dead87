import * as z from "zod/mini";
import { InvalidItemError } from "../runtime/errors";
import { jsonProblem } from "./json-problem";

/**
 * Longest id, in UTF-16 code units, as `String.length` counts. At most 768 bytes of UTF-8, well below the
 * 2,048 bytes of a DynamoDB partition key.
 */
export const ITEM_ID_MAX_LENGTH = 256;

/** Latest timestamp, in milliseconds since 1970: the last one that `Date` can hold (ECMA-262, 21.4.1.1). */
export const ITEM_TIMESTAMP_MAX = 8.64e15;

/**
 * Characters an id may have: all but control characters, lone surrogates, `/` and `%`. API Gateway takes `/`
 * as a path separator even when encoded, and hands path parameters on encoded or decoded depending on the
 * path they came by; without `%` an id reads the same either way. `.` and `..` are no ids: URLs drop them.
 */
const ITEM_ID_PATTERN = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}/%]+$/u;

const ID_RULE = `a string of 1 to ${ITEM_ID_MAX_LENGTH} characters without control characters, "/" or "%", and not "." or ".."`;
const TIMESTAMP_RULE = `an integer of 0 to ${ITEM_TIMESTAMP_MAX} milliseconds since 1970`;

/** An item's id: 1 to 256 characters. */
export const itemId = z
  .string({ error: `id must be ${ID_RULE}` })
  .check(
    z.maxLength(ITEM_ID_MAX_LENGTH, { error: `id must be ${ID_RULE}`, abort: true }),
    z.regex(ITEM_ID_PATTERN, { error: `id must be ${ID_RULE}` }),
  );

/** An item's timestamp: 0 to 8.64e15 milliseconds since 1970. */
const itemTimestamp = z
  .int({ error: `timestamp must be ${TIMESTAMP_RULE}`, abort: true })
  .check(
    z.minimum(0, { error: `timestamp must be ${TIMESTAMP_RULE}` }),
    z.maximum(ITEM_TIMESTAMP_MAX, { error: `timestamp must be ${TIMESTAMP_RULE}` }),
  );

/** An item as a client sends it. The timestamp is assigned where it is absent. */
export const itemDraft = z.strictObject(
  {
    id: itemId,
    timestamp: z.optional(itemTimestamp),
    data: z.record(z.string(), z.unknown(), { error: "data must be a JSON object" }),
  },
  {
    error: ({ code }) =>
      code === "unrecognized_keys"
        ? "the item may have id, timestamp and data, and nothing else"
        : "the item must be a JSON object with id and data",
  },
);

export type ItemDraft = z.output<typeof itemDraft>;

/** One row of an id's history. */
export interface Item extends ItemDraft {
  readonly timestamp: number;
}

/**
 * Parses a JSON value as an item draft.
 *
 * @throws InvalidItemError that lists every rule broken, or the first value that the table cannot keep
 */
export const parseItemDraft = (body: unknown): ItemDraft => {
  const problem = jsonProblem(body);
  if (problem !== undefined) throw new InvalidItemError(problem);
  const parsed = itemDraft.safeParse(body);
  if (parsed.success) return parsed.data;
  const messages = new Set(parsed.error.issues.map(({ message }) => message));
  throw new InvalidItemError(`Change this: ${[...messages].join("; ")}.`);
};
