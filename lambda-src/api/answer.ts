import type { Logger } from "@aws-lambda-powertools/logger";
import type { ApiResponse } from "../runtime/api-response";
import { HttpError } from "../runtime/http-error";
import { problemResponse } from "../runtime/problem";
import type { ApiEvent } from "./api-event";
import { findRoute, type Routes } from "./router";

/** Answers a request, whatever happens: an HttpError as its problem, anything else as a silent 500 with a full log. */
export const answer = async (
  routes: Routes,
  event: ApiEvent,
  signal: AbortSignal,
  logger: Logger,
): Promise<ApiResponse> => {
  const { requestId, extendedRequestId } = event.requestContext;
  // A caller can choose requestId by a header; extendedRequestId is API Gateway's own.
  logger.appendKeys({ requestId, extendedRequestId, route: `${event.httpMethod} ${event.resource}` });
  try {
    return await findRoute(routes, event)(event, signal);
  } catch (error) {
    const known = error instanceof HttpError ? error : undefined;
    if (known === undefined || known.status >= 500) logger.error("request failed", { error });
    // The cause of a refusal can quote the body (JSON.parse does), so only its kind is logged.
    else logger.warn("request refused", { status: known.status, problem: known.kind });
    return problemResponse(known, requestId);
  }
};
