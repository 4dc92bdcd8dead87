import { randomUUID } from "node:crypto";
import { cbor } from "@smithy/core/cbor";
import type { Answer } from "../gaps/gap";
import type { Refusal } from "./refusal";
import type { ServiceModel } from "./service-model";

export type Protocol = "json" | "cbor" | "query" | "ec2" | "rest-json" | "rest-xml";

/** The response with which AWS refuses a request. Every status here is 400. */
export function answerOf(refusal: Refusal, protocol: Protocol, model: ServiceModel): Answer {
  const id = randomUUID();
  const { contentType, headers = [], body } = rendered(refusal, protocol, model, id);
  return {
    status: 400,
    rawHeaders: ["Content-Type", contentType, "x-amzn-RequestId", id, ...headers],
    body: Buffer.from(body),
  };
}

interface Rendered {
  readonly contentType: string;
  readonly headers?: readonly string[];
  readonly body: string | Uint8Array;
}

function rendered(refusal: Refusal, protocol: Protocol, model: ServiceModel, id: string): Rendered {
  const { code, queryCode, namespace, message } = refusal;
  const queryError = model.queryCompatible ? ["x-amzn-query-error", `${queryCode};Sender`] : [];
  const typed = { __type: `${namespace}${code}`, message };
  switch (protocol) {
    case "json":
      return {
        contentType: `application/x-amz-json-${model.jsonVersion}`,
        headers: queryError,
        body: JSON.stringify(typed),
      };
    case "cbor":
      return {
        contentType: "application/cbor",
        headers: ["smithy-protocol", "rpc-v2-cbor", ...queryError],
        // The serializer uses its memory again.
        body: Buffer.from(cbor.serialize(typed)),
      };
    case "rest-json":
      return {
        contentType: "application/json",
        headers: ["x-amzn-ErrorType", code],
        body: JSON.stringify({ message }),
      };
    case "ec2":
      return xml(
        `<Response><Errors><Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error></Errors><RequestID>${id}</RequestID></Response>`,
      );
    default:
      return xml(model.name === "s3" ? s3Error(refusal, id) : errorResponse(refusal, id, model));
  }
}

function s3Error({ code, message }: Refusal, id: string): string {
  return `<Error><Code>${code}</Code><Message>${escaped(message)}</Message><RequestId>${id}</RequestId></Error>`;
}

/** The query protocol's errors, which other services than S3 have in XML too. */
function errorResponse({ queryCode, message }: Refusal, id: string, { xmlNamespace }: ServiceModel): string {
  const namespace = xmlNamespace ? ` xmlns="${xmlNamespace}"` : "";
  return `<ErrorResponse${namespace}><Error><Type>Sender</Type><Code>${queryCode}</Code><Message>${escaped(message)}</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`;
}

function xml(document: string): Rendered {
  return { contentType: "text/xml", body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}` };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
