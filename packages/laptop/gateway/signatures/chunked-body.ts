import { createHash } from "node:crypto";
import type { SignatureV4 } from "@smithy/signature-v4";

export interface ChunkSignatures {
  readonly signer: SignatureV4;
  readonly signedAt: Date;
  /** The request's signature, on which the first chunk's is based. */
  readonly seed: string;
  /** `<Region>/<service>` */
  readonly scope: string;
}

const empty = new Uint8Array(0);

/**
 * Checks the chunks of a body in S3's aws-chunked encoding, each of which carries a signature that is based on the one
 * before it, and a signed trailer if there is one.
 */
export async function hasSignedChunks(body: Buffer, signatures: ChunkSignatures): Promise<boolean> {
  const { signer, signedAt: signingDate } = signatures;
  let previous = signatures.seed;
  for (let position = 0; ; ) {
    const end = body.indexOf("\r\n", position);
    if (end < 0) return false;
    const [, size = "", signature] =
      /^([0-9a-f]+);chunk-signature=([0-9a-f]{64})$/i.exec(body.toString("latin1", position, end)) ?? [];
    const start = end + 2;
    const length = Number.parseInt(size, 16);
    if (!signature || start + length > body.length) return false;
    const payload = body.subarray(start, start + length);
    // An event's signature is made of the same parts. A chunk has no headers.
    const expected = await signer.sign(
      { headers: empty, payload },
      { signingDate, priorSignature: previous },
    );
    if (expected !== signature) return false;
    previous = signature;
    if (length === 0)
      return hasSignedTrailer(body.toString("latin1", start), { ...signatures, seed: previous });
    position = start + length + 2;
  }
}

async function hasSignedTrailer(
  text: string,
  { signer, signedAt, seed, scope }: ChunkSignatures,
): Promise<boolean> {
  const lines = text.split("\r\n").filter(Boolean);
  if (lines.length === 0) return true;
  const [, signature] = /^x-amz-trailer-signature:([0-9a-f]{64})$/i.exec(lines.pop() ?? "") ?? [];
  const trailer = lines.map((line) => `${line.trim()}\n`).join("");
  const time = signedAt.toISOString().replace(/[-:]|\.\d+/g, "");
  const hash = createHash("sha256").update(trailer).digest("hex");
  const parts = ["AWS4-HMAC-SHA256-TRAILER", time, `${time.slice(0, 8)}/${scope}/aws4_request`, seed, hash];
  return (await signer.sign(parts.join("\n"), { signingDate: signedAt })) === signature;
}
