import { each, type Rule } from "../rule";
import { asRecords, type Resource } from "../stack-view";

const streamType = "aws_kinesis_firehose_delivery_stream";
const s3 = "extended_s3_configuration";

/** The `!{namespace:value}` expressions in a prefix. */
function expressions(prefix: unknown): readonly string[] {
  return [...`${prefix ?? ""}`.matchAll(/!\{([^}]*)\}?/g)].map(([, expression = ""]) => expression);
}

const knownExpression =
  /^(timestamp:[^:]+|firehose:(random-string|error-output-type)|partitionKeyFrom(Query|Lambda):\w+)$/;

/** Types of the enabled processors. */
function processors(stream: Resource): readonly string[] {
  if (!stream.isTrue(`${s3}.processing_configuration.enabled`)) return [];
  return asRecords(stream.value(`${s3}.processing_configuration.processors`)).map(({ type }) => `${type}`);
}

export const firehoseRules: readonly Rule[] = [
  {
    id: "firehose-prefix",
    group: "firehose",
    demands:
      "Prefixes use only expressions that Firehose defines, and error_output_prefix contains error-output-type if prefix has expressions",
    why: "AWS rejects the stream at apply.",
    fix: "Use expressions such as !{timestamp:yyyy}. Put !{firehose:error-output-type} in errorOutputPrefix and nowhere else.",
    mirrors: [],
    check: each(streamType, (stream) => {
      const prefix = expressions(stream.value(`${s3}.prefix`));
      const errors = expressions(stream.value(`${s3}.error_output_prefix`));
      const unknown = [...prefix, ...errors].filter((one) => !knownExpression.test(one));
      const unclosed = ["prefix", "error_output_prefix"].filter((name) =>
        /!\{[^}]*$/.test(stream.text(`${s3}.${name}`) ?? ""),
      );
      return [
        ...unclosed.map((name) => `${name} has a !{ that is not closed`),
        ...unknown.map((one) => `Firehose has no expression !{${one}}`),
        ...(prefix.includes("firehose:error-output-type")
          ? ["prefix contains !{firehose:error-output-type}"]
          : []),
        ...(prefix.length > 0 &&
        !stream.isUnknown(`${s3}.error_output_prefix`) &&
        !errors.includes("firehose:error-output-type")
          ? ["error_output_prefix lacks !{firehose:error-output-type}"]
          : []),
      ];
    }),
  },
  {
    id: "firehose-prefix-dated",
    group: "firehose",
    demands: "Object prefixes are partitioned by date and end with a slash",
    why: "Otherwise Athena scans everything for each query. Without the slash, the day and the file name run together.",
    fix: "Set prefix to <folder>/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/.",
    mirrors: [],
    check: each(streamType, (stream) => {
      if (!stream.has(s3) || stream.isUnknown(`${s3}.prefix`)) return undefined;
      const prefix = stream.text(`${s3}.prefix`);
      if (!prefix) return "prefix is absent";
      if (!prefix.endsWith("/")) return `prefix is ${prefix}`;
      return !/!\{timestamp:|!\{partitionKey/.test(prefix) && `prefix is ${prefix}`;
    }),
  },
  {
    id: "firehose-timestamp-pattern",
    group: "firehose",
    demands: "A date in a prefix uses calendar year and day of month: yyyy and dd, not YYYY and DD",
    why: "YYYY is the week-based year and DD is the day of the year, so logs end up in the wrong folder around New Year.",
    fix: "Use yyyy, MM, dd and HH.",
    mirrors: [],
    check: each(streamType, (stream) => {
      const all = [`${s3}.prefix`, `${s3}.error_output_prefix`].flatMap((path) =>
        expressions(stream.value(path)),
      );
      const wrong = all.filter((one) => /^timestamp:.*(Y|D|hh)/.test(one) || one === "timestamp:mm");
      return wrong.length > 0 && `it contains ${wrong.map((one) => `!{${one}}`).join(", ")}`;
    }),
  },
  {
    id: "firehose-error-log",
    group: "firehose",
    demands: "A stream logs delivery errors",
    why: "Otherwise you cannot tell why the bucket stays empty.",
    fix: "Set cloudwatchLoggingOptions with enabled: true, a log group and a log stream.",
    mirrors: [],
    check: each(streamType, (stream) => {
      const logging = `${s3}.cloudwatch_logging_options`;
      if (!stream.has(s3)) return undefined;
      if (!stream.mayBeTrue(`${logging}.enabled`)) return "cloudwatch_logging_options is not enabled";
      const missing = ["log_group_name", "log_stream_name"].filter(
        (name) => !stream.has(`${logging}.${name}`),
      );
      return missing.length > 0 && `cloudwatch_logging_options lacks ${missing.join(" and ")}`;
    }),
  },
  {
    id: "firehose-encrypted",
    group: "firehose",
    demands: "A stream encrypts the records it buffers",
    why: "Otherwise records are stored in clear text until they are delivered.",
    fix: "Set serverSideEncryption: { enabled: true }.",
    mirrors: ["CKV_AWS_240", "DataFirehose.1", "AwsSolutions-KDF1"],
    check: each(streamType, (stream) => {
      const fromKinesis = stream.has("kinesis_source_configuration");
      return (
        !fromKinesis &&
        !stream.mayBeTrue("server_side_encryption.enabled") &&
        "server_side_encryption is not enabled"
      );
    }),
  },
  {
    id: "firehose-from-logs",
    group: "firehose",
    demands: "A stream fed by CloudWatch Logs decompresses its records before it compresses them",
    why: "CloudWatch Logs sends gzipped records. Otherwise objects are gzipped twice, and no tool can read them.",
    fix: "Add the Decompression processor, and CloudWatchLogProcessing with DataMessageExtraction.",
    mirrors: [],
    check: each(streamType, (stream) => {
      const fed = stream.stack
        .all("aws_cloudwatch_log_subscription_filter")
        .some((filter) => filter.follow("destination_arn", streamType) === stream);
      const compresses = !["UNCOMPRESSED", "undefined"].includes(
        `${stream.value(`${s3}.compression_format`)}`,
      );
      const types = processors(stream);
      if (!fed || stream.isUnknown(`${s3}.processing_configuration`)) return undefined;
      if (types.includes("CloudWatchLogProcessing") && !types.includes("Decompression"))
        return "CloudWatchLogProcessing has no Decompression before it";
      return (
        compresses &&
        !types.includes("Decompression") &&
        !types.includes("Lambda") &&
        "it compresses records that are already compressed"
      );
    }),
  },
  {
    id: "firehose-bucket-arn",
    group: "firehose",
    demands: "A stream has a bucket ARN and a role",
    why: "AWS rejects a bucket name at apply.",
    fix: "Set bucketArn to the bucket's arn attribute, and roleArn to a role.",
    mirrors: [],
    check: each(streamType, (stream) => {
      if (!stream.has(s3)) return undefined;
      if (!stream.has(`${s3}.role_arn`)) return "role_arn is absent";
      const arn = stream.text(`${s3}.bucket_arn`);
      return arn !== undefined && !arn.startsWith("arn:") && `bucket_arn is ${arn}`;
    }),
  },
];
