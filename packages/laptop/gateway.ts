import http from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../terminal/user-error";
import {
  type Answer,
  type Call,
  type ChangedCall,
  type Exchange,
  type Gap,
  headersOf,
  type RequestHead,
} from "./gaps/gap";
import { report } from "./gaps/shared/report";
import { requestHead } from "./gaps/shared/request-head";

/** Connections to the emulator are kept: opening one costs more than most calls. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** Says to a caller what is behind the gateway's own answers, in the form that AWS's SDKs can show. */
const unreachable = JSON.stringify({
  __type: "ServiceUnavailableException",
  message: "The emulator behind this gateway does not answer; it may be restarting.",
});

/** How much of an observed answer is kept: enough for an error's message. */
const beginningBytes = 2_048;
const settleSeconds = 5;

/**
 * The one loopback port that AWS_ENDPOINT_URL names. Every request passes through to the emulator as it came, its
 * Host header and signature included, and every answer back, unless a gap takes part in it.
 */
export class Gateway {
  private readonly server = http.createServer((request, response) => this.take(request, response));
  private emulatorPort: number | undefined;
  private gaps: readonly Gap[] = [];

  /**
   * @param port 0 takes a free one
   * @returns the port it listens on
   * @throws UserError where the port is taken
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port)));
      this.server.listen(port, "127.0.0.1", () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Where requests go from now on; none while the emulator restarts. */
  forwardTo(emulatorPort: number | undefined): void {
    this.emulatorPort = emulatorPort;
  }

  /** What takes part from now on. */
  fill(gaps: readonly Gap[]): void {
    for (const gap of this.gaps) gap.close?.();
    this.gaps = gaps;
  }

  /** Ends what gaps still do after their answers, within some seconds, while the emulator is still there for it. */
  async settle(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, settleSeconds * 1000);
    });
    await Promise.race([this.settleInTurn(), bound]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.fill([]);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** One gap's deliveries are another one's calls. */
  private async settleInTurn(): Promise<void> {
    for (const gap of this.gaps) await gap.settle?.().catch((error: unknown) => report(gap.name, error));
  }

  private take(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (this.emulatorPort === undefined) {
      answerUnreachable(response);
      return;
    }
    const head = requestHead(request);
    const concerned = this.gaps.filter((gap) => isConcerned(gap, head));
    const interceptors = concerned.filter((gap) => gap.intercept);
    const observers = concerned.filter((gap) => gap.observe);
    if (interceptors.length > 0) void this.intercept(request, response, { interceptors, observers });
    else this.stream(request, response, observers);
  }

  /** Nothing is held in memory here, and nobody waits for an observer. */
  private stream(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    observers: readonly Gap[],
  ): void {
    const startedAt = Date.now();
    const started = performance.now();
    const upstream = this.request(request, request.rawHeaders);
    upstream.on("response", (answer) => {
      const emulatorMilliseconds = performance.now() - started;
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
      if (observers.length === 0) return;
      let answerBytes = 0;
      let answerBeginning = "";
      answer.on("data", (chunk: Buffer) => {
        answerBytes += chunk.length;
        if (answerBeginning.length < beginningBytes)
          answerBeginning += chunk.toString("utf8", 0, beginningBytes);
      });
      response.on("finish", () =>
        observe(observers, {
          ...requestOf(request),
          status: answer.statusCode ?? 502,
          answerHeaders: answer.headers,
          startedAt,
          emulatorMilliseconds,
          milliseconds: performance.now() - started,
          answerBytes,
          answerBeginning,
        }),
      );
    });
    upstream.on("error", () => (response.headersSent ? response.destroy() : answerUnreachable(response)));
    request.on("error", () => upstream.destroy());
    response.on("close", () => response.writableFinished || upstream.destroy());
    request.pipe(upstream);
  }

  private async intercept(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    {
      interceptors,
      observers,
    }: { readonly interceptors: readonly Gap[]; readonly observers: readonly Gap[] },
  ): Promise<void> {
    const startedAt = Date.now();
    const started = performance.now();
    let emulatorMilliseconds = 0;
    try {
      const body = Buffer.concat(await request.toArray());
      const answer = await answerOf(interceptors, {
        head: requestHead(request),
        body,
        pass: async (changed = {}) => {
          const asked = performance.now();
          const passed = await this.send(request, { method: request.method, body, ...changed });
          emulatorMilliseconds = performance.now() - asked;
          return passed;
        },
      });
      response.on("finish", () =>
        observe(observers, {
          ...requestOf(request),
          status: answer.status,
          answerHeaders: headersOf(answer),
          startedAt,
          emulatorMilliseconds,
          milliseconds: performance.now() - started,
          answerBytes: answer.body.length,
          answerBeginning: answer.body.toString("utf8", 0, beginningBytes),
        }),
      );
      response.writeHead(answer.status, withLength(answer));
      response.end(answer.body);
    } catch {
      if (response.headersSent) response.destroy();
      else answerUnreachable(response);
    }
  }

  private send(
    request: http.IncomingMessage,
    {
      method,
      headers = {},
      body,
    }: Omit<ChangedCall, "method"> & { readonly method: string | undefined; readonly body: Buffer },
  ): Promise<Answer> {
    const length = { "content-length": `${body.length}` };
    return new Promise((resolve, reject) => {
      const upstream = this.request(
        request,
        withHeaders(request.rawHeaders, { ...headers, ...length }),
        method,
      );
      upstream.on("response", async (answer) => {
        try {
          const chunks = await answer.toArray();
          resolve({
            status: answer.statusCode ?? 502,
            rawHeaders: answer.rawHeaders,
            body: Buffer.concat(chunks),
          });
        } catch (error) {
          reject(error);
        }
      });
      upstream.on("error", reject);
      upstream.end(body);
    });
  }

  private request(
    request: http.IncomingMessage,
    headers: readonly string[],
    method = request.method,
  ): http.ClientRequest {
    return http.request({
      agent,
      host: "127.0.0.1",
      port: this.emulatorPort,
      method,
      path: request.url,
      headers,
      setHost: false,
    });
  }
}

function isConcerned(gap: Gap, head: RequestHead): boolean {
  try {
    return gap.concerns(head);
  } catch (error) {
    void report(gap.name, error);
    return false;
  }
}

/** Where a gap fails, the emulator's own answer stands; it is never asked twice for it. */
async function answerOf(gaps: readonly Gap[], call: Call): Promise<Answer> {
  const [gap, ...others] = gaps;
  if (!gap?.intercept) return call.pass();
  let passed: Promise<Answer> | undefined;
  const pass = (changed?: ChangedCall) => {
    if (passed && !changed) return passed;
    const answer = answerOf(others, changed ? changedCall(call, changed) : call);
    // With other headers it is still the same call.
    if (!changed?.method && !changed?.body) passed ??= answer;
    return answer;
  };
  try {
    return await gap.intercept({ ...call, pass });
  } catch (error) {
    void report(gap.name, error);
    return pass();
  }
}

/** What gap after gap has changed comes together. */
function changedCall(call: Call, changed: ChangedCall): Call {
  const { method = call.head.method, body = call.body, headers } = changed;
  return {
    head: { ...call.head, method },
    body,
    pass: (more) => call.pass({ ...changed, ...more, headers: { ...headers, ...more?.headers } }),
  };
}

function requestOf(request: http.IncomingMessage): Pick<Exchange, "head" | "httpVersion" | "sourceIp"> {
  const { httpVersion, socket } = request;
  return { head: requestHead(request), httpVersion, sourceIp: socket.remoteAddress ?? "127.0.0.1" };
}

function observe(observers: readonly Gap[], exchange: Exchange): void {
  for (const gap of observers) {
    try {
      gap.observe?.(exchange);
    } catch (error) {
      void report(gap.name, error);
    }
  }
}

function withHeaders(rawHeaders: readonly string[], changed: Readonly<Record<string, string>>): string[] {
  const names = new Set(Object.keys(changed).map((name) => name.toLowerCase()));
  return [...without(rawHeaders, names), ...Object.entries(changed).flat()];
}

/** Node.js wants to be told the length of a body that a gap has changed. */
function withLength({ rawHeaders, body }: Answer): string[] {
  const framing = new Set(["content-length", "transfer-encoding", "connection"]);
  return [...without(rawHeaders, framing), "content-length", `${body.length}`];
}

function without(rawHeaders: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!names.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

function answerUnreachable(response: http.ServerResponse): void {
  response.writeHead(503, { "content-type": "application/json", "retry-after": "1" });
  response.end(unreachable);
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE") return error;
  return new UserError(
    `port ${port} on 127.0.0.1, on which this stack was deployed, is taken by another program: end that one, or start over on another port with npm start -- --reset`,
    { cause: error },
  );
}
