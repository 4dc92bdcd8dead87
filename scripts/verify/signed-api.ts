import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { UncheckedError } from "./verdict";

/** An answer of the API, its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** As the access log has it. */
  readonly requestId: string;
  /** Whether it was answered 503 before, and sent again: of a write nobody knows what became of the first one. */
  readonly sentAgain: boolean;
}

export interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the stage, its parts encoded; with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface SignedApiProps {
  readonly region: string;
  readonly credentials: ConstructorParameters<typeof SignatureV4>[0]["credentials"];
  /** Where it has fired, nothing more is sent; what was sent is waited for, as it may have made something. */
  readonly signal: AbortSignal;
  /** Why it cannot be called as its callers do. @default it can */
  readonly closed?: string | undefined;
}

const answerSeconds = 35;
/** How often a request is sent that is answered 503 with Retry-After, as callers are told to. */
const attempts = 3;

/** Calls an API Gateway API as its callers do: signed with Signature Version 4 for execute-api. */
export class SignedApi {
  private readonly signer: SignatureV4;

  constructor(
    private readonly url: string,
    private readonly props: SignedApiProps,
  ) {
    const { region, credentials } = props;
    this.signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  }

  /** @throws UncheckedError where callers need what is not here */
  async send(request: Request): Promise<Answer> {
    if (this.props.closed) throw new UncheckedError(this.props.closed);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.sendSigned(request);
      const pauseSeconds = Number(answer.headers.get("retry-after"));
      if (answer.status !== 503 || !pauseSeconds || attempt === attempts) {
        return { ...answer, sentAgain: attempt > 1 };
      }
      await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
    }
  }

  /** What a stranger would send. */
  sendUnsigned(path: string): Promise<Answer> {
    return this.fetch(new URL(`${this.url}${path}`), {});
  }

  private async sendSigned(request: Request): Promise<Answer> {
    const { method = "GET", headers = {}, body } = request;
    const url = new URL(`${this.url}${request.path}`);
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const signed = await this.signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...(text && { "content-type": "application/json" }), ...headers },
      ...(text && { body: text }),
    });
    return this.fetch(url, { method, headers: signed.headers, ...(text && { body: text }) });
  }

  private async fetch(url: URL, init: RequestInit): Promise<Answer> {
    this.props.signal.throwIfAborted();
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(answerSeconds * 1000) });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: parsed(text),
      requestId: response.headers.get("x-amzn-requestid") ?? "",
      sentAgain: false,
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** SHA-256 as the signer wants it, by Node.js. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {}
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
