import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../../packages/laptop/gateway/signatures/sha256";
import { UncheckedError } from "./verdict";

/** A response of the API, with its body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** The request's id in the access log. */
  readonly requestId: string;
  /** Whether this is a retry after a 503. If the request was a write, the first attempt may have succeeded. */
  readonly sentAgain: boolean;
}

export interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Relative to the stage, URL-encoded, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface SignedApiProps {
  readonly region: string;
  readonly credentials: ConstructorParameters<typeof SignatureV4>[0]["credentials"];
  /** Once aborted, no further request is sent. A request under way is awaited, because it may have created something. */
  readonly signal: AbortSignal;
  /** Why this command cannot call the API as its callers do. @default it can */
  readonly uncallable?: string | undefined;
}

const answerSeconds = 35;
/** How often a request is sent if it returns 503 with Retry-After, as the API's documentation asks callers to. */
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

  /** @throws UncheckedError if this command cannot call the API as its callers do */
  async send(request: Request): Promise<Answer> {
    if (this.props.uncallable) throw new UncheckedError(this.props.uncallable);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.sendSigned(request);
      const pauseSeconds = Number(answer.headers.get("retry-after"));
      if (answer.status !== 503 || !pauseSeconds || attempt === attempts) {
        return { ...answer, sentAgain: attempt > 1 };
      }
      await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
    }
  }

  /** @param path relative to the stage, URL-encoded */
  urlOf(path: string): string {
    return `${this.url}${path}`;
  }

  /** Sends a GET without a signature. */
  sendUnsigned(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.fetch(new URL(this.urlOf(path)), { headers });
  }

  /** Asks whether pages of some origin may call a path. Browsers do not sign that. */
  sendPreflight(path: string): Promise<Answer> {
    const headers = { origin: "https://verify.example.com", "access-control-request-method": "GET" };
    return this.fetch(new URL(this.urlOf(path)), { method: "OPTIONS", headers });
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
