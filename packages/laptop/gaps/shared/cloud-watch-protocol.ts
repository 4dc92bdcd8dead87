import { cbor } from "@smithy/core/cbor";
import type { Answer, Call, RequestHead } from "../gap";
import { parseQuery, toXml } from "./query-protocol";

/**
 * A protocol of CloudWatch's API: JSON, of the SDKs; CBOR, of hashicorp/aws from 6.50 on; and the query protocol, of
 * earlier providers.
 */
export type CloudWatchProtocol = "json" | "cbor" | "query";

type Fields = Readonly<Record<string, unknown>>;

export function protocolOf({ headers }: RequestHead): CloudWatchProtocol {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return "query";
  return headers["smithy-protocol"] === "rpc-v2-cbor" ? "cbor" : "json";
}

/** The action of a call of CloudWatch's API, and its input. */
export function readCall({ head, body }: Call): { readonly action: string; readonly input: Fields } {
  if (protocolOf(head) === "query") {
    const { Action, Version, ...input } = parseQuery(body.toString());
    return { action: `${Action}`, input };
  }
  return { action: head.action ?? "", input: read(head, body) };
}

/** The call's body without some fields of its input. */
export function bodyWithout({ head, body }: Call, names: readonly string[]): Buffer {
  if (protocolOf(head) === "query") {
    const fields = [...new URLSearchParams(body.toString())];
    const kept = fields.filter(([name]) => !names.includes(name.split(".")[0] ?? ""));
    return Buffer.from(`${new URLSearchParams(kept)}`);
  }
  return write(
    head,
    Object.fromEntries(Object.entries(read(head, body)).filter(([name]) => !names.includes(name))),
  );
}

/** Changes the output of an answer in JSON or CBOR. */
export function changedOutput(
  { head }: Call,
  answer: Answer,
  change: (output: Readonly<Record<string, readonly Fields[] | undefined>>) => Fields,
): Answer {
  return { ...answer, body: write(head, change(read(head, answer.body) as never)) };
}

/** An answer in the query protocol. */
export function queryAnswer(action: string, output: object): Answer {
  const body = toXml(action, "http://monitoring.amazonaws.com/doc/2010-08-01/", output);
  return { status: 200, rawHeaders: ["Content-Type", "text/xml"], body: Buffer.from(body) };
}

function read(head: RequestHead, body: Buffer): Fields {
  if (body.length === 0) return {};
  return protocolOf(head) === "cbor" ? cbor.deserialize(body) : JSON.parse(body.toString());
}

function write(head: RequestHead, fields: Fields): Buffer {
  // cbor writes into memory that it uses again.
  return Buffer.from(protocolOf(head) === "cbor" ? cbor.serialize(fields) : JSON.stringify(fields));
}
