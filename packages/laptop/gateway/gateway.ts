import http from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../../terminal/user-error";
import { defaultAccount } from "../account";
import type { ChangedCall, Gap } from "../gaps/gap";
import type { Report } from "../gaps/shared/report";
import { EmulatorConnection } from "./emulator-connection";
import { answerWithGaps, claimants, observeAll } from "./gap-calls";
import { type Incoming, isInternal, isSigned, marksOf, mayChange } from "./incoming";
import { type Answered, exchangeOf, exchangeOfAnswer } from "./observed-exchange";
import { callersHeaders, headersWithLength, withHeaders } from "./raw-headers";
import { requestHead } from "./request-head";
import { SignatureCheck } from "./signatures/signature-check";

/** The gateway's own response, in a form that the AWS SDKs can show. */
const unreachable = JSON.stringify({
  __type: "ServiceUnavailableException",
  message: "The emulator behind this gateway is not answering. It may be restarting.",
});

const settleSeconds = 5;

/**
 * The loopback port that AWS_ENDPOINT_URL names. Requests and responses pass through unchanged, including the Host
 * header and the signature, unless a gap intercepts the call. The gateway tells the emulator that a request came over
 * TLS, as on AWS, and whether its signature is right.
 */
export class Gateway {
  private readonly server = http.createServer((request, response) => this.handle(request, response));
  private readonly emulator = new EmulatorConnection();
  private readonly signatures = new SignatureCheck((accessKeyId) => this.ask(`keys/${accessKeyId}`));
  /** By account. */
  private readonly gaps = new Map<string, readonly Gap[]>();
  private makeGaps: (account: string) => readonly Gap[] = () => [];
  /** Counts each request that may change something twice: when it comes, and when its response has been sent. */
  changes = 0;
  /** Called before `changes` grows. */
  onChange: () => void = () => {};

  constructor(private readonly report: Report) {}

  /**
   * @param port 0 picks a free port
   * @param startOver instruction for starting without the saved state, shown if the port is taken
   * @returns the port it listens on
   * @throws UserError if the port is taken
   */
  listen(port: number, startOver = "delete the saved state"): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port, startOver)));
      this.server.listen(port, "127.0.0.1", () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Sends requests to this port from now on. Pass `undefined` during a restart: requests then get 503. */
  forwardTo(emulatorPort: number | undefined): void {
    this.emulator.port = emulatorPort;
  }

  /** The emulator's port; undefined during a restart. */
  get emulatorPort(): number | undefined {
    return this.emulator.port;
  }

  /**
   * Asks the patched emulator something that callers may not ask.
   * @returns undefined if it says no
   */
  ask(question: string, body?: object): Promise<string | undefined> {
    return this.emulator.ask(question, body);
  }

  /**
   * Replaces the gaps and closes the previous ones.
   * @param make makes an account's gaps, before its first call
   * @param accounts whose gaps are made at once, because they have work to do before that
   */
  setGaps(make: (account: string) => readonly Gap[], accounts: readonly string[] = [defaultAccount]): void {
    for (const gap of [...this.gaps.values()].flat()) gap.close?.();
    this.gaps.clear();
    this.makeGaps = make;
    for (const account of accounts) this.gapsOf(account);
  }

  private gapsOf(account: string): readonly Gap[] {
    const gaps = this.gaps.get(account) ?? this.makeGaps(account);
    this.gaps.set(account, gaps);
    return gaps;
  }

  /** Waits up to 5 seconds for the gaps' background work. Call it while the emulator is still running. */
  async settle(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, settleSeconds * 1000);
    });
    await Promise.race([this.settleInTurn(), timeout]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.setGaps(() => [], []);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** In order, because one gap's deliveries are calls that a later gap sees. */
  private async settleInTurn(): Promise<void> {
    for (const gap of [...this.gaps.values()].flat())
      await gap.settle?.().catch((error: unknown) => this.report(gap.name, error));
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (this.emulator.port === undefined) {
      answerUnreachable(response);
    } else if (isInternal(request)) {
      response.writeHead(404).end();
    } else if (isSigned(request)) {
      void this.handleSigned(request, response);
    } else {
      this.serve({ request, head: requestHead(request), marks: marksOf(undefined) }, response);
    }
  }

  /** The signature covers the body, so all of it must have arrived. */
  private async handleSigned(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      const body = Buffer.concat(await request.toArray());
      const { verdict, account } = await this.signatures.check(request, body);
      this.serve({ request, head: requestHead(request, account), body, marks: marksOf(verdict) }, response);
    } catch {
      if (!response.headersSent) answerUnreachable(response);
    }
  }

  private serve(incoming: Incoming, response: http.ServerResponse): void {
    const { report } = this;
    const { head } = incoming;
    if (mayChange(head)) {
      this.countChange();
      response.once("close", () => this.countChange());
    }
    const { interceptors, observers } = claimants(this.gapsOf(head.account), head, report);
    const answered: Answered = (exchange) => observeAll(observers, exchange, report);
    if (interceptors.length > 0) void this.intercept(incoming, response, { interceptors, answered });
    else stream(this.emulator, incoming, response, observers.length > 0 ? answered : undefined);
  }

  private countChange(): void {
    this.onChange();
    this.changes += 1;
  }

  private async intercept(
    { request, head, body: given, marks }: Incoming,
    response: http.ServerResponse,
    { interceptors, answered }: { readonly interceptors: readonly Gap[]; readonly answered: Answered },
  ): Promise<void> {
    const startedAt = Date.now();
    const started = performance.now();
    let emulatorMilliseconds = 0;
    try {
      const body = given ?? Buffer.concat(await request.toArray());
      const call = {
        head,
        body,
        pass: async ({ headers, ...changed }: ChangedCall = {}) => {
          const asked = performance.now();
          const passed = await this.emulator.send(request, {
            method: request.method,
            body,
            ...changed,
            headers: { ...headers, ...marks },
          });
          emulatorMilliseconds = performance.now() - asked;
          return passed;
        },
      };
      const answer = await answerWithGaps(interceptors, call, this.report);
      response.on("finish", () =>
        answered(exchangeOfAnswer(request, answer, { startedAt, started, emulatorMilliseconds })),
      );
      response.writeHead(answer.status, headersWithLength(answer));
      response.end(answer.body);
    } catch {
      if (response.headersSent) response.destroy();
      else answerUnreachable(response);
    }
  }
}

/** Pipes the response, and a body that has not been read: the caller does not wait for observers. */
function stream(
  emulator: EmulatorConnection,
  { request, body, marks }: Incoming,
  response: http.ServerResponse,
  answered: Answered | undefined,
): void {
  const startedAt = Date.now();
  const started = performance.now();
  const upstream = emulator.request(request, withHeaders(request.rawHeaders, marks));
  upstream.on("response", (answer) => {
    const emulatorMilliseconds = performance.now() - started;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, callersHeaders(answer.rawHeaders));
    answer.pipe(response);
    answer.on("error", () => response.destroy());
    if (!answered) return;
    const observed = exchangeOf(request, answer, { startedAt, started, emulatorMilliseconds });
    response.on("finish", () => answered(observed()));
  });
  upstream.on("error", () => (response.headersSent ? response.destroy() : answerUnreachable(response)));
  request.on("error", () => upstream.destroy());
  response.on("close", () => response.writableFinished || upstream.destroy());
  if (body) upstream.end(body);
  else request.pipe(upstream);
}

function answerUnreachable(response: http.ServerResponse): void {
  response.writeHead(503, { "content-type": "application/json", "retry-after": "1" });
  response.end(unreachable);
}

function explain(error: NodeJS.ErrnoException, port: number, startOver: string): Error {
  if (error.code !== "EADDRINUSE") return error;
  return new UserError(
    `port ${port} on 127.0.0.1, which the deployed stack's URLs use, is taken by another program: stop that program, or ${startOver} to start over on another port`,
    { cause: error },
  );
}
