import type { Context } from "aws-lambda";
import type { ItemRepository } from "../items/item-repository";
import { withDeadline } from "../runtime/deadline";
import type { Telemetry } from "../runtime/telemetry";
import { answer } from "./answer";
import { parseApiEvent } from "./api-event";
import type { ApiResponse } from "./api-response";
import { createItem } from "./create-item";
import { deleteItem } from "./delete-item";
import { getHealth } from "./get-health";
import { getItem } from "./get-item";
import { listItems } from "./list-items";
import { putItem } from "./put-item";
import { router } from "./router";

export interface ApiHandlerProps {
  readonly items: ItemRepository;
  readonly telemetry: Telemetry;
  /** Origin whose pages can read the responses. @default none */
  readonly allowedOrigin?: string | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
}

/** The API function: takes an invocation's event and returns the response. */
export const apiHandler = ({ items, telemetry, allowedOrigin, clock = Date.now }: ApiHandlerProps) => {
  const props = { items, clock, count: telemetry.count.bind(telemetry) };
  const route = router({
    createItem: createItem(props),
    listItems: listItems(props),
    getItem: getItem(props),
    putItem: putItem(props),
    deleteItem: deleteItem(props),
    getHealth: getHealth(props),
  });
  return async (event: unknown, context: Context): Promise<ApiResponse> => {
    telemetry.begin(context);
    try {
      const request = parseApiEvent(event);
      const response = await withDeadline(context, (signal) =>
        answer(route, request, signal, telemetry.logger),
      );
      return allowedOrigin ? readableFrom(allowedOrigin, response) : response;
    } finally {
      await telemetry.end();
    }
  };
};

/**
 * Adds the CORS headers. API Gateway handles preflight requests itself, but the function's responses need the headers
 * too.
 */
const readableFrom = (origin: string, response: ApiResponse): ApiResponse => ({
  ...response,
  headers: {
    ...response.headers,
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "etag, idempotent-replayed, location, retry-after",
  },
});
