import { request as httpRequest, type IncomingMessage } from "node:http";
import { buffer, text } from "node:stream/consumers";
import { signedHeaders } from "../e2e/signed-fetch";
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

/**
 * Uses Node.js's own client, because fetch cannot send every method. Signs a signed request again, because its signature
 * covers the address.
 */
async function forward(url: string, request: IncomingMessage): Promise<IncomingMessage> {
  const { method = "GET" } = request;
  const { host: _, connection: __, "transfer-encoding": ___, authorization, ...others } = request.headers;
  const body = new Uint8Array(await buffer(request));
  const isSigned = authorization?.startsWith("AWS4-HMAC-SHA256 ");
  const headers = isSigned
    ? await signedHeaders(url, { method, headers: unsigned(others), body })
    : { ...others, ...(authorization && { authorization }) };
  return new Promise((resolve, reject) => {
    httpRequest(url, { method, headers }, resolve).on("error", reject).end(body);
  });
}

function unsigned(headers: NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(([name]) => !/^x-amz-(?:date|content-sha256)$/.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, `${value}`]));
}
