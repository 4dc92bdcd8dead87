import type { IncomingHttpHeaders } from "node:http";
import type { Report } from "./shared/report";

/** What is known about a request before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The service in the signature, for example `monitoring` for CloudWatch. Undefined if the request is unsigned. */
  readonly service: string | undefined;
  /** The Region in the signature. Undefined if the request is unsigned. */
  readonly region: string | undefined;
  /** The account of its access key. */
  readonly account: string;
  /**
   * The action: from X-Amz-Target in the JSON protocols, and from the path in the CBOR protocol. Undefined in the query
   * protocol, which has the action in the body.
   */
  readonly action: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** Alternating names and values, as in Node.js. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface ChangedCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** A call of an AWS API, with its body in memory. */
export interface Call {
  readonly head: RequestHead;
  readonly body: Buffer;
  /** Passes the call to the emulator, with the given changes, and returns its response. */
  pass(changed?: ChangedCall): Promise<Answer>;
}

/** A call that has been answered. */
export interface Exchange {
  readonly head: RequestHead;
  readonly httpVersion: string;
  readonly sourceIp: string;
  readonly status: number;
  readonly answerHeaders: IncomingHttpHeaders;
  /** When the request arrived, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Time until the emulator began to respond. */
  readonly emulatorMilliseconds: number;
  /** Time until the response had been sent. */
  readonly milliseconds: number;
  readonly answerBytes: number;
  /** The first bytes of the response, enough for an error message. */
  readonly answerBeginning: string;
}

/**
 * Something that AWS does and the emulator does not: one file or folder in packages/laptop/gaps. Remove it once the
 * emulator does the same.
 */
export interface Gap {
  /** Names the gap in gateway.log. */
  readonly name: string;
  /** Called for every request, so it must be cheap. Requests that no gap claims pass through unchanged. */
  claims(head: RequestHead): boolean;
  /** Intercepts a call; its body is buffered in memory. If this fails, the caller gets the emulator's own response. */
  intercept?(call: Call): Promise<Answer>;
  /** Called after the response has been sent, so no caller waits for it. */
  observe?(exchange: Exchange): void;
  /** Waits for background work to finish. */
  settle?(): Promise<void>;
  /** Releases its resources. */
  close?(): void;
}

export interface GapSettings {
  /** The Region of unsigned requests. */
  readonly region: string;
  readonly report: Report;
}

export function jsonAnswer(answer: Answer, body: unknown): Answer {
  return { ...answer, body: Buffer.from(JSON.stringify(body)) };
}

export function hasSucceeded(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** @param name in lower case */
export function headerOf({ rawHeaders }: Answer, name: string): string | undefined {
  const index = rawHeaders.findIndex((header, at) => at % 2 === 0 && header.toLowerCase() === name);
  return index < 0 ? undefined : rawHeaders[index + 1];
}

/** Headers by lower-case name. If a name occurs more than once, its first value wins. */
export function headersOf({ rawHeaders }: Answer): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers[`${rawHeaders[index]}`.toLowerCase()] ??= rawHeaders[index + 1];
  }
  return headers;
}
