import * as z from "zod/mini";
import { item } from "../items/item";
import { CURSOR_PATTERN } from "./cursor";

/** Most rows of one page. */
export const LIMIT_MAX = 100;

/** Rows of a page where the request has no `limit`. */
export const LIMIT_DEFAULT = 20;

const LIMIT_RULE = `limit must be an integer of 1 to ${LIMIT_MAX}`;
const CURSOR_RULE = "cursor must be the nextCursor of an answer, as it came";
const IF_MATCH_RULE = 'If-Match must be one strong entity tag in quotes, as the ETag header had it, or "*"';
const IF_NONE_MATCH_RULE = 'If-None-Match must be "*"';
const IDEMPOTENCY_KEY_RULE = "Idempotency-Key must be 1 to 255 visible characters of ASCII";

// A schema's error is that of its checks too.
export const limit = z.int({ error: LIMIT_RULE }).check(z.minimum(1), z.maximum(LIMIT_MAX));

export const cursor = z.string({ error: CURSOR_RULE }).check(z.regex(CURSOR_PATTERN));

export const ifMatch = z.string({ error: IF_MATCH_RULE }).check(z.regex(/^(?:\*|"[!#-~]{1,64}")$/));

export const ifNoneMatch = z.literal("*", { error: IF_NONE_MATCH_RULE });

export const idempotencyKey = z.string({ error: IDEMPOTENCY_KEY_RULE }).check(z.regex(/^[!-~]{1,255}$/));

/** The answer of a list. */
export const itemPage = z.object({
  /** Newest first. */
  items: z.array(item),
  /** Where there are more: what to send as `cursor` for the next page. */
  nextCursor: z.optional(cursor),
});

export const health = z.object({ status: z.literal("ok") });
