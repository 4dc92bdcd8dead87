import http from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../scripts/lib/user-error";

/** Connections to the emulator are kept: opening one costs more than most calls. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** Says to a caller what is behind the gateway's own answers, in the form that AWS's SDKs can show. */
const unreachable = JSON.stringify({
  __type: "ServiceUnavailableException",
  message: "The emulator behind this gateway does not answer; it may be restarting.",
});

/**
 * The one loopback port that AWS_ENDPOINT_URL names. Every request passes through to the emulator as it came, its
 * Host header and signature included, and every answer back.
 */
export class Gateway {
  private readonly server = http.createServer((request, response) => this.pass(request, response));
  private emulatorPort: number | undefined;

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

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (this.emulatorPort === undefined) {
      answerUnreachable(response);
      return;
    }
    const upstream = http.request({
      agent,
      host: "127.0.0.1",
      port: this.emulatorPort,
      method: request.method,
      path: request.url,
      headers: request.rawHeaders,
      setHost: false,
    });
    upstream.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    upstream.on("error", () => (response.headersSent ? response.destroy() : answerUnreachable(response)));
    request.on("error", () => upstream.destroy());
    response.on("close", () => response.writableFinished || upstream.destroy());
    request.pipe(upstream);
  }
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
