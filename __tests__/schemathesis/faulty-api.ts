import { request as httpRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { LoopbackServer } from "../support/loopback-server";

export interface ProxiedResponse {
  status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** Changes a response in place. @param route the request's method and path, such as `GET /health` */
export type Fault = (response: ProxiedResponse, route: string) => void;

/** Serves an API under another address, with faults in its responses. @param url the API's, without a slash at the end */
export const serveWithFaults = (url: string, fault: Fault): Promise<LoopbackServer> =>
  LoopbackServer.start(async (request, response) => {
    const forwarded = await forward(`${url}${request.url}`, request);
    const changed = {
      status: forwarded.statusCode ?? 0,
      headers: { ...forwarded.headers },
      body: await text(forwarded),
    };
    fault(changed, `${request.method} ${request.url?.replace(/\?.*/, "")}`);
    for (const name of ["connection", "content-length", "transfer-encoding"]) delete changed.headers[name];
    response
      .writeHead(changed.status, changed.headers)
      .end(changed.status === 204 ? undefined : changed.body);
  });

/** Node.js's own client, because fetch cannot send every method. */
const forward = (url: string, request: IncomingMessage): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { method, headers } = request;
    const { host: _, ...others } = headers;
    request.pipe(httpRequest(url, { method: method ?? "GET", headers: others }, resolve).on("error", reject));
  });
