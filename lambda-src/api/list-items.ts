import { itemId } from "../items/item";
import type { ItemRepository } from "../items/item-repository";
import { jsonResponse } from "../runtime/api-response";
import { InvalidParameterError, ItemNotFoundError } from "../runtime/errors";
import type { ApiEvent } from "./api-event";
import type { RouteHandler } from "./router";

/** Most rows of one answer. */
export const LIMIT_MAX = 100;

/** Rows of an answer where the request has no `limit`. */
export const LIMIT_DEFAULT = 20;

export interface ListItemsProps {
  readonly items: ItemRepository;
}

/** `GET /items/{id}`: the id's rows, newest first; 404 where it has none. Rows beyond 1 MB are left out. */
export const listItems =
  ({ items }: ListItemsProps): RouteHandler =>
  async (event, signal) => {
    const id = readId(event);
    const found = await items.newest(id, readLimit(event), signal);
    if (found.length === 0) throw new ItemNotFoundError("No item has this id.");
    return jsonResponse(200, { items: found });
  };

/** API Gateway hands the id on encoded or decoded; an id has no `%`, so one pass of decoding serves both. */
const readId = ({ pathParameters }: ApiEvent): string => {
  const parsed = itemId.safeParse(decode(pathParameters?.id));
  if (parsed.success) return parsed.data;
  throw new InvalidParameterError(`Change the path: ${parsed.error.issues[0]?.message}.`);
};

const decode = (text: string | undefined): string | undefined => {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch (cause) {
    throw new InvalidParameterError("Change the path: the id's percent encoding is broken.", { cause });
  }
};

const readLimit = ({ queryStringParameters }: ApiEvent): number => {
  const text = queryStringParameters?.limit;
  if (text === undefined) return LIMIT_DEFAULT;
  const limit = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new InvalidParameterError(`Change the query: limit must be an integer of 1 to ${LIMIT_MAX}.`);
};
