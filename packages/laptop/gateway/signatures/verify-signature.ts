import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import { hasSignedChunks } from "./chunked-body";
import { Sha256 } from "./sha256";
import type { Signature } from "./signature";

/** `valid`, or the emulator's name of the failure. */
export type Verdict = "valid" | "SignatureDoesNotMatch" | "PayloadMismatch" | "UnsignedHeaders";

const payloadHeader = "x-amz-content-sha256";

/** Signs a request again, as its sender did, and compares. */
export async function verifySignature(
  request: IncomingMessage,
  body: Buffer,
  signature: Signature,
  secretAccessKey: string,
): Promise<Verdict> {
  const { service, region, accessKeyId, signedHeaders, signedAt, expiresIn } = signature;
  const isS3 = service === "s3";
  const headers = mergedHeaders(request.rawHeaders);
  if (!signedHeaders.includes("host") || signedHeaders.some((name) => headers[name] === undefined)) {
    return "SignatureDoesNotMatch";
  }
  const payload = headers[payloadHeader];
  const hash = createHash("sha256").update(body).digest("hex");
  // Only S3 takes another's word for the body's hash.
  if (!isS3 && payload !== undefined && payload !== hash) return "SignatureDoesNotMatch";
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: !isS3,
    applyChecksum: false,
  });
  const given = { ...requestOf(request, headers, signedHeaders), body };
  // The signer signs every header that it is not told to leave out.
  const unsignableHeaders = new Set([payloadHeader, "x-amz-date"]);
  const options = { signingDate: signedAt, signableHeaders: new Set(signedHeaders), unsignableHeaders };
  const expected =
    expiresIn === undefined
      ? (await signer.sign(withPayload(given, payload), options)).headers.authorization?.split(
          "Signature=",
        )[1]
      : await presigned(signer, given, { ...options, expiresIn, isS3 });
  if (!isEqual(`${expected}`, signature.value)) return "SignatureDoesNotMatch";
  if (!isS3 || expiresIn !== undefined) return "valid";
  if (Object.keys(headers).some((name) => name.startsWith("x-amz-") && !signedHeaders.includes(name))) {
    return "UnsignedHeaders";
  }
  if (payload?.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) {
    return (await hasSignedChunks(body, { signer, signedAt, seed: signature.value, scope: `${region}/s3` }))
      ? "valid"
      : "SignatureDoesNotMatch";
  }
  return /^[0-9a-f]{64}$/.test(payload ?? "") && payload !== hash ? "PayloadMismatch" : "valid";
}

type Signable = ReturnType<typeof requestOf> & { readonly body: Buffer };

/** The payload's hash is part of what is signed even if its header is not. */
function withPayload(request: Signable, payload: string | undefined): Signable {
  return payload === undefined
    ? request
    : { ...request, headers: { ...request.headers, [payloadHeader]: payload } };
}

interface PresignOptions {
  readonly signingDate: Date;
  readonly signableHeaders: Set<string>;
  readonly unsignableHeaders: Set<string>;
  readonly expiresIn: number;
  readonly isS3: boolean;
}

async function presigned(signer: SignatureV4, request: Signable, { isS3, ...options }: PresignOptions) {
  const ours = /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature)$/i;
  const query = Object.fromEntries(Object.entries(request.query).filter(([name]) => !ours.test(name)));
  // S3 does not sign the body of a presigned request.
  const headers = isS3 ? { ...request.headers, [payloadHeader]: "UNSIGNED-PAYLOAD" } : request.headers;
  const { query: signed = {} } = await signer.presign(
    { ...request, query, headers },
    { ...options, unhoistableHeaders: new Set([payloadHeader, ...options.signableHeaders]) },
  );
  return signed["X-Amz-Signature"];
}

function requestOf(
  { method = "GET", url = "/" }: IncomingMessage,
  headers: Readonly<Record<string, string>>,
  signedHeaders: readonly string[],
) {
  const [path = "/", search = ""] = url.split(/\?(.*)/s);
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) query[name] = [...(query[name] ?? []), value];
  return {
    method,
    protocol: "https:",
    hostname: headers.host ?? "",
    path,
    query,
    headers: Object.fromEntries(signedHeaders.map((name) => [name, headers[name] ?? ""])),
  };
}

/** By lower-case name. The lines of a repeated header are joined by a bare comma. */
function mergedHeaders(rawHeaders: readonly string[]): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = `${rawHeaders[index]}`.toLowerCase();
    const value = `${rawHeaders[index + 1]}`;
    merged[name] = merged[name] === undefined ? value : `${merged[name]},${value}`;
  }
  return merged;
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
