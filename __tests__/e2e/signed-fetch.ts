import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../../packages/laptop/gateway/signatures/sha256";

export interface Signer {
  /** @default the emulator's root user */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** @default execute-api */
  readonly service?: string;
  /** @default eu-west-1 */
  readonly region?: string;
  /** @default now */
  readonly signedAt?: Date;
}

export interface RequestToSign {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

const root = { accessKeyId: "test", secretAccessKey: "test" };

/** Sends a signed request. */
export async function signedFetch(
  url: string | URL,
  request: RequestToSign = {},
  signer: Signer = {},
): Promise<Response> {
  return fetch(url, { ...request, headers: await signedHeaders(url, request, signer) });
}

/** The headers of a signed request. */
export async function signedHeaders(
  url: string | URL,
  { method = "GET", headers = {}, body }: RequestToSign = {},
  { credentials = root, service = "execute-api", region = "eu-west-1", signedAt = new Date() }: Signer = {},
): Promise<Record<string, string>> {
  const { host, hostname, protocol, pathname, searchParams } = new URL(url);
  const query: Record<string, string[]> = {};
  for (const [name, value] of searchParams) query[name] = [...(query[name] ?? []), value];
  const signed = await new SignatureV4({ service, region, credentials, sha256: Sha256 }).sign(
    {
      method,
      protocol,
      hostname,
      path: pathname,
      query,
      headers: { ...headers, host },
      ...(body !== undefined && { body }),
    },
    { signingDate: signedAt },
  );
  return signed.headers;
}

/** Signs as an account's root user: on the laptop, an access key of 12 digits belongs to that account. */
export function ofAccount(account: string): Signer {
  return { credentials: { accessKeyId: account, secretAccessKey: "test" } };
}
