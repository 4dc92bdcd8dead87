import type { IncomingHttpHeaders } from "node:http";

/** What is known of a request before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** As the signature names it: `monitoring` for CloudWatch. Undefined without a signature. */
  readonly service: string | undefined;
  readonly region: string | undefined;
  /** Where X-Amz-Target names it, as JSON protocols do; the query protocol has it in the body. */
  readonly action: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** Names and values in turn, as Node.js has them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface ChangedCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** One call of an AWS API, its body read. */
export interface Call {
  readonly head: RequestHead;
  readonly body: Buffer;
  /** Has the emulator answer the call as it came, but for what is changed. */
  pass(changed?: ChangedCall): Promise<Answer>;
}

/** A call that has been answered. */
export interface Exchange {
  readonly head: RequestHead;
  readonly httpVersion: string;
  readonly sourceIp: string;
  readonly status: number;
  readonly answerHeaders: IncomingHttpHeaders;
  /** When it came, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Until the emulator began to answer. */
  readonly emulatorMilliseconds: number;
  readonly milliseconds: number;
  readonly answerBytes: number;
  /** The answer's first bytes, enough for an error's message. */
  readonly answerBeginning: string;
}

/** Something that AWS does and the emulator does not: one file below packages/laptop/gaps, as long as that holds. */
export interface Gap {
  readonly name: string;
  /** Asked of every request, so it must be cheap: what concerns no gap streams through. */
  concerns(head: RequestHead): boolean;
  /** Takes part in a call, which is held in memory for it. Where it fails, the emulator's own answer stands. */
  intercept?(call: Call): Promise<Answer>;
  /** Told of a call once its answer is out, so that no caller waits for what follows from it. */
  observe?(exchange: Exchange): void;
  /** Ends what it still does after answers have gone out. */
  settle?(): Promise<void>;
  /** Lets go of what it holds open. */
  close?(): void;
}

export function jsonAnswer(answer: Answer, body: unknown): Answer {
  return { ...answer, body: Buffer.from(JSON.stringify(body)) };
}

export function hasSucceeded(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

export function headerOf({ rawHeaders }: Answer, name: string): string | undefined {
  const index = rawHeaders.findIndex((header, at) => at % 2 === 0 && header.toLowerCase() === name);
  return index < 0 ? undefined : rawHeaders[index + 1];
}

/** By lower-case names; of a name that is given twice, the first value. */
export function headersOf({ rawHeaders }: Answer): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers[`${rawHeaders[index]}`.toLowerCase()] ??= rawHeaders[index + 1];
  }
  return headers;
}
