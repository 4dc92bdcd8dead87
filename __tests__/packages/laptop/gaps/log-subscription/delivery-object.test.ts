import { gunzipSync, gzipSync } from "node:zlib";
import type { ExtendedS3DestinationDescription } from "@aws-sdk/client-firehose";
import {
  evaluatePrefix,
  objectBody,
  objectKey,
} from "../../../../../packages/laptop/gaps/log-subscription/delivery-object";

const time = new Date("2026-03-04T23:06:07Z");
const destination: ExtendedS3DestinationDescription = {
  RoleARN: "role",
  BucketARN: "arn:aws:s3:::bucket",
  BufferingHints: {},
  CompressionFormat: "UNCOMPRESSED",
  EncryptionConfiguration: {},
};

describe("evaluatePrefix", () => {
  it.each([
    ["access/!{timestamp:yyyy/MM/dd}/", "access/2026/03/04/"],
    ["y=!{timestamp:yyyy}/m=!{timestamp:MM}/h=!{timestamp:HH}/", "y=2026/m=03/h=23/"],
    ["!{timestamp:'dd'yyyy-MM-dd'T'HH:mm:ss}", "dd2026-03-04T23:06:07"],
    ["logs/", "logs/2026/03/04/23/"],
    ["", "2026/03/04/23/"],
  ])("evaluates %j to %j", (prefix, expected) => {
    expect(evaluatePrefix(prefix, time)).toBe(expected);
  });

  it("replaces random-string with 11 random characters", () => {
    expect(evaluatePrefix("!{firehose:random-string}/!{timestamp:yyyy}", time)).toMatch(
      /^[0-9a-f]{11}\/2026$/,
    );
  });

  it("names an expression that it cannot evaluate", () => {
    expect(() => evaluatePrefix("!{partitionKeyFromQuery:id}/", time)).toThrow(
      "cannot evaluate !{partitionKeyFromQuery:id} in the prefix !{partitionKeyFromQuery:id}/",
    );
  });
});

describe("objectKey", () => {
  const stream = {
    DeliveryStreamName: "lines",
    VersionId: "2",
    DeliveryStreamARN: "arn",
    DeliveryStreamStatus: "ACTIVE" as const,
    DeliveryStreamType: "DirectPut" as const,
    Destinations: [],
    HasMoreDestinations: false,
  };

  it.each([
    ["a time in UTC and no extension", {}, /^2026\/03\/04\/23\/lines-2-2026-03-04-23-06-07-[0-9a-f-]{36}$/],
    ["the extension for gzip", { CompressionFormat: "GZIP" as const }, /-23-06-07-[0-9a-f-]{36}\.gz$/],
    ["the configured extension", { FileExtension: ".json" }, /-23-06-07-[0-9a-f-]{36}\.json$/],
    [
      "the day of the configured time zone",
      { CustomTimeZone: "Europe/Berlin", Prefix: "!{timestamp:yyyy/MM/dd}/" },
      /^2026\/03\/05\/lines-2-2026-03-05-00-06-07-/,
    ],
  ])("has %s", (_, settings, expected) => {
    expect(objectKey(stream, { ...destination, ...settings }, time)).toMatch(expected);
  });
});

describe("objectBody", () => {
  const logged = (...messages: readonly string[]) =>
    gzipSync(JSON.stringify({ logEvents: messages.map((message) => ({ message })) }));
  const processors = {
    decompression: { Type: "Decompression" as const },
    extraction: {
      Type: "CloudWatchLogProcessing" as const,
      Parameters: [{ ParameterName: "DataMessageExtraction" as const, ParameterValue: "true" }],
    },
    delimiter: { Type: "AppendDelimiterToRecord" as const },
  };

  it("contains the lines, each with its newline, compressed once", () => {
    const { decompression, extraction } = processors;

    const body = objectBody(
      {
        ...destination,
        CompressionFormat: "GZIP",
        ProcessingConfiguration: { Enabled: true, Processors: [decompression, extraction] },
      },
      [logged("one", "two"), logged("three")],
    );

    expect(gunzipSync(body).toString()).toBe("one\ntwo\nthree\n");
  });

  it("contains the records unchanged if there are no processors", () => {
    const records = [logged("one"), logged("two")];

    expect(objectBody(destination, records)).toEqual(Buffer.concat(records));
  });

  it("delimits records if the stream is configured so", () => {
    const Processors = [processors.decompression, processors.delimiter];

    const body = objectBody({ ...destination, ProcessingConfiguration: { Enabled: true, Processors } }, [
      logged("one"),
      logged("two"),
    ]);

    expect(body.toString().split("\n")).toEqual([
      '{"logEvents":[{"message":"one"}]}',
      '{"logEvents":[{"message":"two"}]}',
      "",
    ]);
  });
});
