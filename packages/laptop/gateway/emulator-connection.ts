import http from "node:http";
import type { Answer, ChangedCall } from "../gaps/gap";
import { headersForBody } from "./raw-headers";

/** Keeps connections to the emulator open: opening one takes longer than most calls. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

export interface EmulatorCall extends Omit<ChangedCall, "method"> {
  readonly method: string | undefined;
  readonly body: Buffer;
}

/** Forwards requests to the emulator. */
export class EmulatorConnection {
  /** `undefined` while the emulator restarts. */
  port: number | undefined;

  /** Opens a request with the caller's path; its body is still to be written. */
  request(
    request: http.IncomingMessage,
    headers: readonly string[],
    method = request.method,
  ): http.ClientRequest {
    if (this.port === undefined) throw new Error("the emulator is restarting");
    return http.request({
      agent,
      host: "127.0.0.1",
      port: this.port,
      method,
      path: request.url,
      headers,
      setHost: false,
    });
  }

  /**
   * Asks the patched emulator something that only the gateway may ask.
   * @returns undefined if it says no
   */
  async ask(question: string, body?: object): Promise<string | undefined> {
    const response = await fetch(`http://127.0.0.1:${this.port}/_laptop/${question}`, {
      method: "POST",
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    return response.ok ? text : undefined;
  }

  /** Sends a body that is in memory, and reads the whole response into memory. */
  send(request: http.IncomingMessage, { method, headers = {}, body }: EmulatorCall): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const upstream = this.request(request, headersForBody(request.rawHeaders, headers, body), method);
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
}
