import { LoopbackServer } from "../support/loopback-server";

export interface ProxiedResponse {
  status: number;
  readonly headers: Headers;
  body: string;
}

/** Changes a response in place. @param route the request's method and last path segments, such as `GET /health` */
export type Fault = (response: ProxiedResponse, route: string) => void;

/** Headers that belong to one connection, or that fetch sets itself. */
const ownHeaders = ["connection", "content-length", "host", "keep-alive", "transfer-encoding"];

/** Serves an API under another address, with faults in its responses. @param url the API's, without a slash at the end */
export const serveWithFaults = (url: string, fault: Fault): Promise<LoopbackServer> =>
  LoopbackServer.start(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.entries(request.headers)
      .filter(([name]) => !ownHeaders.includes(name))
      .map(([name, value]) => [name, `${value}`] as [string, string]);
    const answered = await fetch(`${url}${request.url}`, {
      method: request.method ?? "GET",
      headers,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const changed = {
      status: answered.status,
      headers: new Headers(answered.headers),
      body: await answered.text(),
    };
    fault(changed, `${request.method} ${request.url?.replace(/\?.*/, "")}`);
    for (const [name, value] of changed.headers) {
      if (!ownHeaders.includes(name) && name !== "content-encoding") response.setHeader(name, value);
    }
    response.writeHead(changed.status).end(changed.status === 204 ? undefined : changed.body);
  });
