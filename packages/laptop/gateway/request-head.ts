import type { IncomingMessage } from "node:http";
import type { RequestHead } from "../gaps/gap";

/** The credential scope of Signature Version 4: in a header, or in the query of a presigned URL. */
const scope = /Credential=[^/]+\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request/;

/** The path of an operation in the protocol RPC v2 CBOR. */
const operation = /^\/service\/\w+\/operation\/(\w+)$/;

export function requestHead(request: IncomingMessage): RequestHead {
  const [path = "/", queryString = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const query = new URLSearchParams(queryString);
  const presigned = `Credential=${query.get("X-Amz-Credential")}`;
  const signed = scope.exec(request.headers.authorization ?? presigned);
  const target = request.headers["x-amz-target"];
  return {
    method: request.method ?? "GET",
    path,
    query,
    headers: request.headers,
    region: signed?.[1],
    service: signed?.[2],
    action: typeof target === "string" ? target.split(".").pop() : operation.exec(path)?.[1],
  };
}
