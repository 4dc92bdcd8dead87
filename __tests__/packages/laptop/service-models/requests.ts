import type { RequestHead } from "../../../../packages/laptop/gaps/gap";
import { ModelIndex } from "../../../../packages/laptop/service-models/model-index";
import { type RefusedRequest, RequestCheck } from "../../../../packages/laptop/service-models/request-check";
import { modelsFolder } from "../../../../packages/laptop/set-up/tools";

export interface SentRequest {
  readonly head: RequestHead;
  readonly body: Buffer;
}

export const requestCheck = new RequestCheck(new ModelIndex(modelsFolder()));

/** @returns why AWS would refuse a request; undefined if it would not */
export function refusalOf({ head, body }: SentRequest): RefusedRequest | undefined {
  const found = requestCheck.checkHead(head);
  return found === "body" ? requestCheck.checkRequest(head, body) : found;
}

/** For example `DynamoDB_20120810.PutItem`. */
export function jsonRequest(service: string, target: string, input: unknown): SentRequest {
  const body = Buffer.from(typeof input === "string" ? input : JSON.stringify(input));
  return request({ service, headers: { "x-amz-target": target }, body });
}

export function queryRequest(
  service: string,
  version: string,
  parameters: Readonly<Record<string, string>>,
): SentRequest {
  const body = Buffer.from(new URLSearchParams({ Version: version, ...parameters }).toString());
  return request({ service, headers: { "content-type": "application/x-www-form-urlencoded" }, body });
}

/** @param url path and query */
export function restRequest(
  service: string,
  method: string,
  url: string,
  input?: unknown,
  headers: RequestHead["headers"] = {},
): SentRequest {
  const [path = "/", query = ""] = url.split("?");
  const text = typeof input === "string" ? input : JSON.stringify(input);
  return request({
    service,
    method,
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.from(input === undefined ? "" : text),
  });
}

export function request({
  body = Buffer.alloc(0),
  headers = {},
  ...head
}: Partial<RequestHead> & { readonly service: string; readonly body?: Buffer }): SentRequest {
  return {
    head: {
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      account: "000000000000",
      region: "eu-west-1",
      action: undefined,
      headers: { host: "127.0.0.1:4566", "content-length": `${body.length}`, ...headers },
      ...head,
    },
    body,
  };
}
