import type { IncomingMessage } from "node:http";
import { type Answer, type Exchange, headersOf } from "../gaps/gap";
import { requestHead } from "./request-head";

/** Called once a response has been sent. */
export type Answered = (exchange: Exchange) => void;

export interface Timing {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The same moment by `performance.now()`. */
  readonly started: number;
  readonly emulatorMilliseconds: number;
}

/** How much of an observed response is kept: enough for an error message. */
const beginningBytes = 2_048;

/**
 * Watches a response that streams through.
 * @returns a function that returns the exchange; call it once the response has been sent
 */
export function exchangeOf(
  request: IncomingMessage,
  answer: IncomingMessage,
  timing: Timing,
): () => Exchange {
  let answerBytes = 0;
  let answerBeginning = "";
  answer.on("data", (chunk: Buffer) => {
    answerBytes += chunk.length;
    if (answerBeginning.length < beginningBytes) answerBeginning += chunk.toString("utf8", 0, beginningBytes);
  });
  return () => ({
    ...common(request, timing),
    status: answer.statusCode ?? 502,
    answerHeaders: answer.headers,
    answerBytes,
    answerBeginning,
  });
}

/** The exchange of an intercepted call, whose response is in memory. */
export function exchangeOfAnswer(request: IncomingMessage, answer: Answer, timing: Timing): Exchange {
  return {
    ...common(request, timing),
    status: answer.status,
    answerHeaders: headersOf(answer),
    answerBytes: answer.body.length,
    answerBeginning: answer.body.toString("utf8", 0, beginningBytes),
  };
}

function common(request: IncomingMessage, { startedAt, started, emulatorMilliseconds }: Timing) {
  const { httpVersion, socket } = request;
  return {
    head: requestHead(request),
    httpVersion,
    sourceIp: socket.remoteAddress ?? "127.0.0.1",
    startedAt,
    emulatorMilliseconds,
    milliseconds: performance.now() - started,
  };
}
