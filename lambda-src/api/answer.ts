import type { Logger } from "@aws-lambda-powertools/logger";
import { ItemError } from "../items/item-errors";
import type { ApiEvent } from "./api-event";
import type { ApiResponse } from "./api-response";
import { HttpError } from "./http-errors";
import { problemResponse } from "./problem-response";
import { problemsByKind } from "./problems";
import type { Router } from "./router";

/**
 * Answers a request, whatever happens. An expected error becomes its problem. Any other error becomes a 500
 * that reveals nothing, and is logged in full.
 */
export const answer = async (
  route: Router,
  event: ApiEvent,
  signal: AbortSignal,
  logger: Pick<Logger, "appendKeys" | "error" | "warn">,
): Promise<ApiResponse> => {
  const { requestId, extendedRequestId } = event.requestContext;
  // A caller can set requestId with a header. extendedRequestId always comes from API Gateway.
  logger.appendKeys({ requestId, extendedRequestId, route: `${event.httpMethod} ${event.resource}` });
  try {
    return await route(event, signal);
  } catch (error) {
    const known = error instanceof HttpError || error instanceof ItemError ? error : undefined;
    const status = known === undefined ? 500 : problemsByKind[known.kind].status;
    if (known === undefined || status >= 500) logger.error("request failed", { error });
    // The cause of an expected error can quote the body, as JSON.parse does, so only the kind is logged.
    else logger.warn("request refused", { status, problem: known.kind });
    return problemResponse(known, requestId);
  }
};
