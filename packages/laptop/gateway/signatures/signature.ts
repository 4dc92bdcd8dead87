import type { IncomingMessage } from "node:http";

/** A signature of version 4: from the Authorization header, or from the query of a presigned URL. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** In lower case. */
  readonly signedHeaders: readonly string[];
  /** Hexadecimal. */
  readonly value: string;
  readonly signedAt: Date;
  /** Of a presigned URL: seconds until it expires. */
  readonly expiresIn: number | undefined;
}

/** @returns undefined if there is none, or it is incomplete: the emulator then says what is missing, as AWS does */
export function signatureOf(request: IncomingMessage): Signature | undefined {
  const { authorization, "x-amz-date": date } = request.headers;
  if (authorization?.startsWith("AWS4-HMAC-SHA256 ")) {
    const fields = new Map(
      authorization
        .slice(authorization.indexOf(" ") + 1)
        .split(",")
        .map((field) => field.trim().split(/=(.*)/s) as [string, string]),
    );
    return complete({
      credential: fields.get("Credential"),
      headers: fields.get("SignedHeaders"),
      value: fields.get("Signature"),
      date: date?.toString(),
    });
  }
  const query = new URLSearchParams(request.url?.split(/\?(.*)/s)[1] ?? "");
  if (authorization !== undefined || query.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256") return undefined;
  return complete({
    credential: query.get("X-Amz-Credential"),
    headers: query.get("X-Amz-SignedHeaders"),
    value: query.get("X-Amz-Signature"),
    date: query.get("X-Amz-Date"),
    expires: query.get("X-Amz-Expires"),
  });
}

interface Parts {
  readonly credential: string | null | undefined;
  readonly headers: string | null | undefined;
  readonly value: string | null | undefined;
  readonly date: string | null | undefined;
  readonly expires?: string | null;
}

function complete({ credential, headers, value, date, expires }: Parts): Signature | undefined {
  const [accessKeyId, , region, service, end] = credential?.split("/") ?? [];
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? "") ?? [];
  const signedAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!accessKeyId || !region || !service || end !== "aws4_request" || !headers || !value) return undefined;
  if (Number.isNaN(signedAt.getTime())) return undefined;
  // Seven days is the most that AWS accepts. The emulator refuses what is not such a number.
  const expiresIn = expires && /^\d{1,6}$/.test(expires) ? Number(expires) : undefined;
  if (expires !== undefined && (expiresIn === undefined || expiresIn > 604_800)) return undefined;
  return { accessKeyId, region, service, signedHeaders: headers.split(";"), value, signedAt, expiresIn };
}
