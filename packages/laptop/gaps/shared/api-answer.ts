import type { Exchange } from "../gap";

/** Whether API Gateway itself answered, rather than the integration. */
export function isGatewayResponse({ answerHeaders }: Pick<Exchange, "answerHeaders">): boolean {
  return answerHeaders["x-amzn-errortype"] !== undefined;
}

/** Whether the function threw an error, as MiniStack shows it. Any other 502 is the function's own answer. */
export function isUnhandledError(status: number, answer: string): boolean {
  return status === 502 && /\{\\?"errorMessage\\?":|\\?"errorType\\?":/.test(answer);
}
