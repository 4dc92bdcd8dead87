import type { Logger } from "@aws-lambda-powertools/logger";
import type { ApiResponse } from "../runtime/api-response";
import { HttpError } from "../runtime/http-error";
import { problemResponse } from "../runtime/problem";
import type { ApiEvent } from "./api-event";
import type { Router } from "./router";

/** Answers a request, whatever happens: an HttpError as its problem, anything else as a silent 500 with a full log. */
export const answer = async (
  route: Router,
  event: ApiEvent,
  signal: AbortSignal,
  logger: Pick<Logger, "appendKeys" | "error" | "warn">,
): Promise<ApiResponse> => {
  const { requestId, extendedRequestId } = event.requestContext;
  // A caller can choose requestId by a header; extendedRequestId is API Gateway's own.
  logger.appendKeys({ requestId, extendedRequestId, route: `${event.httpMethod} ${event.resource}` });
  try {
    return await route(event, signal);
  } catch (error) {
    const known = error instanceof HttpError ? error : undefined;
    if (known === undefined || known.facts.status >= 500) logger.error("request failed", { error });
    // The cause of a refusal can quote the body (JSON.parse does), so only its kind is logged.
    else logger.warn("request refused", { status: known.facts.status, problem: known.kind });
    return problemResponse(known, requestId);
  }
};
