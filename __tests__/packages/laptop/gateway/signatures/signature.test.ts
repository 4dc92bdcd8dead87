import type { IncomingMessage } from "node:http";
import { signatureOf } from "../../../../../packages/laptop/gateway/signatures/signature";

const credential = (key: string) => `${key}/20260101/eu-west-1/s3/aws4_request`;

function signedBy(key: string): IncomingMessage {
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential(key)}, SignedHeaders=host, Signature=00`;
  return {
    headers: { authorization, "x-amz-date": "20260101T120000Z" },
    url: "/",
  } as unknown as IncomingMessage;
}

function presigned(key: string, expires: string): IncomingMessage {
  const query = new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": credential(key),
    "X-Amz-Date": "20260101T120000Z",
    "X-Amz-Expires": expires,
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "00",
  });
  return { headers: {}, url: `/?${query}` } as unknown as IncomingMessage;
}

describe("signatureOf", () => {
  it("reads the key, scope and time of a signature", () => {
    expect(signatureOf(signedBy("AKIA1"))).toEqual({
      accessKeyId: "AKIA1",
      region: "eu-west-1",
      service: "s3",
      signedHeaders: ["host"],
      value: "00",
      signedAt: new Date("2026-01-01T12:00:00Z"),
      expiresIn: undefined,
    });
  });

  // The key becomes part of a path when the emulator is asked for its secret.
  it.each(["", ".", "..", "a?b", "a#b", "%2e%2e", "a b", "é"])("knows no key %j", (key) => {
    expect(signatureOf(signedBy(key))).toBeUndefined();
    expect(signatureOf(presigned(key, "60"))).toBeUndefined();
  });

  it.each<[string, number | undefined]>([
    ["0", 0],
    ["604800", 604_800],
    ["604801", undefined],
    ["-1", undefined],
    ["1e3", undefined],
    ["", undefined],
  ])("reads that a URL expires after %j seconds", (expires, expiresIn) => {
    expect(signatureOf(presigned("AKIA1", expires))?.expiresIn).toBe(expiresIn);
  });
});
