import * as z from "zod/mini";
import { item } from "../items/item";
import { CURSOR_PATTERN } from "./cursor";

/** The most items on one page. */
export const LIMIT_MAX = 100;

/** Items per page if the request has no `limit`. */
export const LIMIT_DEFAULT = 20;

const LIMIT_RULE = `limit must be an integer from 1 to ${LIMIT_MAX}`;
const CURSOR_RULE = "cursor must be the nextCursor of the previous page, unchanged";
const IF_MATCH_RULE =
  'If-Match must be one strong entity tag in quotes, exactly as in the ETag header, or "*"';
const IF_NONE_MATCH_RULE = 'If-None-Match must be "*"';
const IDEMPOTENCY_KEY_RULE = "Idempotency-Key must be 1 to 255 visible ASCII characters";

// A schema's error message also applies to its checks.
export const limit = z.int({ error: LIMIT_RULE }).check(z.minimum(1), z.maximum(LIMIT_MAX));

export const cursor = z.string({ error: CURSOR_RULE }).check(z.regex(CURSOR_PATTERN));

const entityTag = z.string({ error: IF_MATCH_RULE }).check(z.regex(/^"[!#-~]{1,64}"$/));

export const ifMatch = z.union([z.literal("*"), entityTag], { error: IF_MATCH_RULE });

export const ifNoneMatch = z.literal("*", { error: IF_NONE_MATCH_RULE });

export const idempotencyKey = z.string({ error: IDEMPOTENCY_KEY_RULE }).check(z.regex(/^[!-~]{1,255}$/));

/** One page of a list. */
export const itemPage = z.object({
  /** Newest first. */
  items: z.array(item),
  /** Present if more items may follow: send it as `cursor` to get the next page. */
  nextCursor: z.optional(cursor),
});

export const health = z.object({ status: z.literal("ok") });
