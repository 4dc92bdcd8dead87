import * as z from "zod/mini";
import { InvalidItemError } from "./item-errors";
import { ITEM_ID_MAX_LENGTH, ITEM_TIMESTAMP_MAX } from "./item-limits";
import { jsonProblem, LONE_SURROGATE } from "./json-problem";

/**
 * An id can contain any character except control characters, lone surrogates, `/` and `%`. API Gateway treats `/` as a
 * path separator even when it is encoded. It passes path parameters on encoded or decoded, depending on how the request
 * arrived; without `%`, an id reads the same either way. `.` and `..` are not valid ids, because URLs drop them.
 *
 * docs/openapi.json publishes this pattern, so it uses only syntax that ECMAScript and Python read the same way, and that
 * RE2 and Java have too. Lone surrogates are not in it, because engines that match UTF-8 cannot name them.
 */
const FORBIDDEN = String.raw`\x00-\x1f\x7f-\x9f/%`;
const ITEM_ID_PATTERN = new RegExp(`^(?:\\.{0,2}[^.${FORBIDDEN}][^${FORBIDDEN}]*|\\.{3}[^${FORBIDDEN}]*)$`);

const ID_RULE = `a string of 1 to ${ITEM_ID_MAX_LENGTH} characters without control characters, "/" or "%", and not "." or ".."`;
const TIMESTAMP_RULE = `an integer from 0 to ${ITEM_TIMESTAMP_MAX}, in milliseconds since 1970`;

/** An item's id: 1 to 256 characters. */
export const itemId = z.string({ error: `id must be ${ID_RULE}` }).check(
  z.maxLength(ITEM_ID_MAX_LENGTH),
  z.regex(ITEM_ID_PATTERN),
  z.refine((id) => !LONE_SURROGATE.test(id)),
);

/** An item's timestamp: 0 to 8.64e15 milliseconds since 1970. */
export const itemTimestamp = z
  .int({ error: `timestamp must be ${TIMESTAMP_RULE}` })
  .check(z.minimum(0), z.maximum(ITEM_TIMESTAMP_MAX));

/** An item's data: any JSON object that the table can store, see {@link jsonProblem}. */
export const itemData = z.record(z.string(), z.unknown(), { error: "data must be a JSON object" });

/** An item as a client posts it. A timestamp is assigned if it has none. */
export const itemDraft = z.strictObject(
  { id: itemId, timestamp: z.optional(itemTimestamp), data: itemData },
  {
    error: ({ code }) =>
      code === "unrecognized_keys"
        ? "the item can only have id, timestamp and data"
        : "the item must be a JSON object with id and data",
  },
);

/** An item as a client puts it. The path identifies the item. */
export const itemContent = z.strictObject(
  { data: itemData },
  {
    error: ({ code }) =>
      code === "unrecognized_keys"
        ? "the body may contain only data; id and timestamp come from the path"
        : "the body must be a JSON object with data",
  },
);

/** One entry in an id's history. */
export const item = z.object({ id: itemId, timestamp: itemTimestamp, data: itemData });

export type Item = Readonly<z.output<typeof item>>;

/** An item's key in the table. */
export type ItemKey = Pick<Item, "id" | "timestamp">;

/**
 * Parses a JSON value as an item, or as the part of an item that a request's body contains.
 *
 * Numbers are checked before, in the body's text: see number-problem.ts.
 *
 * @throws InvalidItemError that lists every broken rule, or names the first text, name or nesting that the table
 *   cannot store
 */
export const parseItem = <Schema extends z.ZodMiniType>(schema: Schema, body: unknown): z.output<Schema> => {
  const problem = jsonProblem(body);
  if (problem !== undefined) throw new InvalidItemError(problem);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const messages = new Set(parsed.error.issues.map(({ message }) => message));
  throw new InvalidItemError(`Fix the following: ${[...messages].join("; ")}.`);
};
