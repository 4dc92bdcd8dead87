import type { IncomingMessage } from "node:http";
import { accountOf } from "../account";
import type { RequestHead } from "../gaps/gap";

/** The access key and the scope of Signature Version 4: in a header, or in the query of a presigned URL. */
const credential = /Credential=([^/]+)\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request/;

/** The path of an operation in the protocol RPC v2 CBOR. */
const operation = /^\/service\/\w+\/operation\/(\w+)$/;

/** @param account of the access key. @default the account that the key names */
export function requestHead(request: IncomingMessage, account?: string): RequestHead {
  const [path = "/", queryString = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const query = new URLSearchParams(queryString);
  const presigned = `Credential=${query.get("X-Amz-Credential")}`;
  const signed = credential.exec(request.headers.authorization ?? presigned);
  const target = request.headers["x-amz-target"];
  return {
    method: request.method ?? "GET",
    path,
    query,
    headers: request.headers,
    account: account ?? accountOf(signed?.[1]),
    region: signed?.[2],
    service: signed?.[3],
    action: typeof target === "string" ? target.split(".").pop() : operation.exec(path)?.[1],
  };
}
