import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../../gateway/signatures/sha256";
import type { Credentials } from "./acting";

export interface SignedCall {
  readonly endpoint: string;
  readonly region: string;
  readonly service: string;
  readonly credentials: Credentials;
  /** X-Amz-Target. */
  readonly target: string;
  readonly input: object;
}

/** Makes a call of a JSON API without the SDK, which would parse the response. */
export async function signedCall(call: SignedCall, signal: AbortSignal): Promise<Response> {
  const { endpoint, region, service, credentials, target, input } = call;
  const { host, hostname, protocol } = new URL(endpoint);
  const body = JSON.stringify(input);
  const signer = new SignatureV4({ region, service, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: "POST",
    protocol,
    hostname,
    path: "/",
    headers: { host, "content-type": "application/x-amz-json-1.0", "x-amz-target": target },
    body,
  });
  return fetch(endpoint, { method: "POST", headers, body, signal });
}
