import { randomBytes, randomUUID } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { DeliveryStreamDescription, ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";

/** A record that CloudWatch Logs sends to a subscription's destination, before compression. */
interface LogRecord {
  readonly logEvents: readonly { readonly message: string }[];
}

/** The object's key: the evaluated prefix, then the name that Firehose appends. */
export function objectKey(
  stream: DeliveryStreamDescription,
  destination: ExtendedS3DestinationDescription,
  time: Date,
): string {
  const { Prefix = "", CustomTimeZone = "UTC", CompressionFormat } = destination;
  const { FileExtension = CompressionFormat === "GZIP" ? ".gz" : "" } = destination;
  const clock = inTimeZone(time, CustomTimeZone);
  const name = `${stream.DeliveryStreamName}-${stream.VersionId}-${formatTime("yyyy-MM-dd-HH-mm-ss", clock)}`;
  return `${evaluatePrefix(Prefix, clock)}${name}-${randomUUID()}${FileExtension}`;
}

/** Replaces `!{timestamp:yyyy/MM/dd}` and `!{firehose:random-string}`. If there is no timestamp, appends the hour. */
export function evaluatePrefix(prefix: string, clock: Date): string {
  const evaluated = prefix.replaceAll(
    /!\{(\w+):([^}]*)\}/g,
    (expression, namespace: string, value: string) => {
      if (namespace === "timestamp") return formatTime(value, clock);
      if (namespace === "firehose" && value === "random-string")
        return randomBytes(8).toString("hex").slice(0, 11);
      throw new Error(`cannot evaluate ${expression} in the prefix ${prefix}`);
    },
  );
  return prefix.includes("!{timestamp:") ? evaluated : `${evaluated}${formatTime("yyyy/MM/dd/HH/", clock)}`;
}

/** The object's bytes: each record after all processors, and the whole compressed if the stream is configured so. */
export function objectBody(
  destination: ExtendedS3DestinationDescription,
  records: readonly Buffer[],
): Buffer {
  const { ProcessingConfiguration: processing, CompressionFormat } = destination;
  const processors = processing?.Enabled ? (processing.Processors ?? []) : [];
  const processed = records.map((record) => {
    let data = record;
    for (const { Type, Parameters = [] } of processors) {
      const isOn = (name: string) =>
        Parameters.some((one) => one.ParameterName === name && one.ParameterValue === "true");
      if (Type === "Decompression") data = gunzipSync(data);
      if (Type === "CloudWatchLogProcessing" && isOn("DataMessageExtraction")) data = extractMessages(data);
      if (Type === "AppendDelimiterToRecord" && data.at(-1) !== newline) data = Buffer.from(`${data}\n`);
    }
    return data;
  });
  const body = Buffer.concat(processed);
  return CompressionFormat === "GZIP" ? gzipSync(body) : body;
}

const newline = 10;

function extractMessages(data: Buffer): Buffer {
  const { logEvents }: LogRecord = JSON.parse(data.toString());
  return Buffer.from(logEvents.map(({ message }) => `${message}\n`).join(""));
}

/** Supports the letters of Java's DateTimeFormatter that prefixes use. Quoted text is literal. */
function formatTime(pattern: string, clock: Date): string {
  const [date = "", time = ""] = clock.toISOString().split("T");
  const [yyyy = "", MM = "", dd = ""] = date.split("-");
  const [HH = "", mm = "", ss = ""] = time.slice(0, 8).split(":");
  const values: Readonly<Record<string, string>> = { yyyy, MM, dd, HH, mm, ss };
  return pattern.replaceAll(
    /'([^']*)'|yyyy|MM|dd|HH|mm|ss/g,
    (token, quoted?: string) => quoted ?? values[token] ?? "",
  );
}

/** The local time in a time zone, as a Date whose UTC fields hold it. */
function inTimeZone(time: Date, timeZone: string): Date {
  // The Swedish locale formats times almost as ISO 8601 does.
  return new Date(`${time.toLocaleString("sv-SE", { timeZone }).replace(" ", "T")}Z`);
}
