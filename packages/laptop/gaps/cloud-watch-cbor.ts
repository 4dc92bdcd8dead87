import { gunzipSync } from "node:zlib";
import { cbor, dateToTag } from "@smithy/core/cbor";
import { type Answer, type Call, type Gap, headerOf, headersOf, type RequestHead } from "./gap";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The members of CloudWatch's output that are timestamps. In JSON they are seconds since the epoch. */
const timestamps = /(?:Timestamps?|LastModified|StartDate|EndDate|StartTime|EndTime)$/;

/**
 * Translates RPC v2 CBOR, CloudWatch's protocol in hashicorp/aws since 6.50, to JSON. MiniStack would need a Python package
 * that it does not install. Must come first, so that the other gaps see JSON.
 */
export class CloudWatchCbor implements Gap {
  readonly name = "cloud-watch-cbor";

  claims({ service, headers }: RequestHead): boolean {
    return service === "monitoring" && headers["smithy-protocol"] === "rpc-v2-cbor";
  }

  async intercept(call: Call): Promise<Answer> {
    const body = isCompressed(call) ? gunzipSync(call.body) : call.body;
    const input = body.length === 0 ? {} : cbor.deserialize(body);
    const answer = await call.pass({
      headers: {
        "content-type": "application/x-amz-json-1.0",
        ...(isCompressed(call) && { "content-encoding": "identity" }),
        "smithy-protocol": "json",
        "x-amz-target": `GraniteServiceVersion20100801.${call.head.action}`,
      },
      body: Buffer.from(JSON.stringify(toJson(input))),
    });
    if (!headersOf(answer)["content-type"]?.includes("json")) return answer;
    // The error's name in the query protocol, which some SDKs prefer.
    const queryError = headerOf(answer, "x-amzn-query-error");
    const output: Json = JSON.parse(answer.body.toString() || "{}");
    return {
      status: answer.status,
      rawHeaders: [
        ...["Content-Type", "application/cbor", "smithy-protocol", "rpc-v2-cbor"],
        ...(queryError ? ["x-amzn-query-error", queryError] : []),
      ],
      // A copy: the serializer reuses its buffer.
      body: Buffer.from(cbor.serialize(withTimestamps(output))),
    };
  }
}

/** SDKs compress the data of PutMetricData, for example from 10 KB on. */
function isCompressed({ head }: Call): boolean {
  return head.headers["content-encoding"] === "gzip";
}

/** A timestamp is a number with tag 1. */
function toJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? Number(value) : value;
  if ("tag" in value && "value" in value) return toJson(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]));
}

function withTimestamps(value: Json, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => withTimestamps(item, name));
  if (timestamps.test(name)) return dateOf(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([inner, item]) => [inner, withTimestamps(item, inner)]),
  );
}

function dateOf(value: Json): unknown {
  if (typeof value === "number") return dateToTag(new Date(value * 1000));
  return typeof value === "string" ? dateToTag(new Date(value)) : value;
}
