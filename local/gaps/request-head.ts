import type { IncomingMessage } from "node:http";
import { decodeWherePossible } from "./decode";
import type { RequestHead } from "./gap";

/** The scope of Signature Version 4, in the header or, of a presigned URL, in the query. */
const scope = /Credential=[^/]+\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request/;

export function requestHead(request: IncomingMessage): RequestHead {
  const [path = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const signed = scope.exec(request.headers.authorization ?? "") ?? scope.exec(decodeWherePossible(query));
  const target = request.headers["x-amz-target"];
  return {
    method: request.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    region: signed?.[1],
    service: signed?.[2],
    action: typeof target === "string" ? target.split(".").pop() : undefined,
  };
}
