import { account } from "./emulators";

export const bucket = "gaps-lines";
/** A delivery stream like the one that copies an access log to its bucket. */
export const destination = {
  RoleARN: `arn:aws:iam::${account}:role/gaps`,
  BucketARN: `arn:aws:s3:::${bucket}`,
  Prefix: "access/!{timestamp:yyyy/MM/dd}/",
  ErrorOutputPrefix: "errors/!{firehose:error-output-type}/",
  CompressionFormat: "GZIP" as const,
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: "Decompression" as const,
        Parameters: [{ ParameterName: "CompressionFormat" as const, ParameterValue: "GZIP" }],
      },
      {
        Type: "CloudWatchLogProcessing" as const,
        Parameters: [{ ParameterName: "DataMessageExtraction" as const, ParameterValue: "true" }],
      },
    ],
  },
};
