import type { Exchange } from "../gap";

type Answered = Pick<Exchange, "answerHeaders">;

/** How a function's part in a request failed, although the response came from API Gateway itself. */
export type FunctionFailure = "failed" | "malformed" | "refused";

/** Whether the response came from API Gateway itself rather than from the integration. */
export function isGatewayResponse({ answerHeaders }: Answered): boolean {
  return answerHeaders["x-amzn-errortype"] !== undefined;
}

/**
 * "failed" if the function threw an error, "malformed" if API Gateway could not read its response, "refused" if Lambda did
 * not invoke it. The patched emulator says so in a header that callers do not get.
 */
export function functionFailure({ answerHeaders }: Answered): FunctionFailure | undefined {
  return answerHeaders["x-laptop-function"] as FunctionFailure | undefined;
}

/** Whether API Gateway called the integration, whatever came of it. */
export function isIntegrated(answered: Answered): boolean {
  return !isGatewayResponse(answered) || functionFailure(answered) !== undefined;
}
