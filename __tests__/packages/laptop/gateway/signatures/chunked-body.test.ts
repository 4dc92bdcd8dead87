import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { hasSignedChunks } from "../../../../../packages/laptop/gateway/signatures/chunked-body";
import { Sha256 } from "../../../../../packages/laptop/gateway/signatures/sha256";

const signedAt = new Date("2026-01-01T12:00:00Z");
const time = "20260101T120000Z";
const scope = "eu-west-1/s3";
const seed = "0".repeat(64);
const checksum = "x-amz-checksum-crc32:AAAAAA==";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const key = ["20260101", "eu-west-1", "s3", "aws4_request"].reduce<string | Buffer>(hmac, "AWS4secret");
const signed = (...lines: string[]) => hmac(key, lines.join("\n")).toString("hex");

/** A body as S3's documentation describes it, signed without the library. */
function bodyOf(chunks: readonly string[], trailer?: string): string {
  let previous = seed;
  let body = "";
  for (const chunk of [...chunks, ""]) {
    const day = `20260101/${scope}/aws4_request`;
    previous = signed("AWS4-HMAC-SHA256-PAYLOAD", time, day, previous, hash(""), hash(chunk));
    body += `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk && `${chunk}\r\n`}`;
  }
  if (!trailer) return `${body}\r\n`;
  const day = `20260101/${scope}/aws4_request`;
  const signature = signed("AWS4-HMAC-SHA256-TRAILER", time, day, previous, hash(`${trailer}\n`));
  return `${body}${trailer}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`;
}

function check(body: string, hasTrailer = false): Promise<boolean> {
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const signer = new SignatureV4({ service: "s3", region: "eu-west-1", credentials, sha256: Sha256 });
  return hasSignedChunks(Buffer.from(body), { signer, signedAt, seed, scope, hasTrailer });
}

describe("the chunks of a body", () => {
  const chunks = ["aaaa", "b".repeat(9_000), "c"];

  it.each([[[]], [["a"]], [chunks]])("are accepted as they were signed: %j", async (given: string[]) => {
    await expect(check(bodyOf(given))).resolves.toBe(true);
  });

  it.each<[string, (body: string) => string]>([
    ["changed", (body) => body.replace("aaaa", "aaab")],
    ["longer than they say", (body) => body.replace(/^4;/, "5;")],
    ["cut off", (body) => body.slice(0, body.lastIndexOf("0;chunk-signature"))],
    ["empty", () => ""],
    ["without a signature", (body) => body.replace(/;chunk-signature=[0-9a-f]+/, "")],
    [
      "signed by another key",
      (body) => body.replace(/chunk-signature=[0-9a-f]{8}/, "chunk-signature=00000000"),
    ],
    [
      "in another order",
      (body) => {
        const second = body.indexOf("2328;");
        const third = body.indexOf("1;chunk-signature", second);
        const last = body.indexOf("0;chunk-signature", third);
        return body.slice(0, second) + body.slice(third, last) + body.slice(second, third) + body.slice(last);
      },
    ],
  ])("are refused if they are %s", async (_, change) => {
    await expect(check(change(bodyOf(chunks)))).resolves.toBe(false);
  });

  it("are accepted with the trailer that they announce", async () => {
    await expect(check(bodyOf(chunks, checksum), true)).resolves.toBe(true);
  });

  it.each<[string, (body: string) => string]>([
    ["changed", (body) => body.replace("AAAAAA==", "BBBBBB==")],
    ["unsigned", (body) => body.replace(/x-amz-trailer-signature.*\r\n/, "")],
    ["missing", (body) => body.slice(0, body.indexOf(checksum))],
  ])("are refused if their trailer is %s", async (_, change) => {
    await expect(check(change(bodyOf(chunks, checksum)), true)).resolves.toBe(false);
  });
});
