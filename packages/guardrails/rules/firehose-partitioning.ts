import { each, type Rule } from "../rule";
import { asRecords, type Resource } from "../stack-view";

const streamType = "aws_kinesis_firehose_delivery_stream";
const s3 = "extended_s3_configuration";

function processorTypes(stream: Resource): readonly string[] {
  return asRecords(stream.value(`${s3}.processing_configuration.processors`)).map(({ type }) => `${type}`);
}

/** The processor that finds the keys of each kind. */
const finders = { Query: "MetadataExtraction", Lambda: "Lambda" } as const;

/** Source: "Partition streaming data in Amazon Data Firehose" in its guide. */
export const firehosePartitioningRules: readonly Rule[] = [
  {
    id: "firehose-partitioning",
    group: "firehose",
    demands:
      "A stream that partitions by keys enables it, buffers at least 64 MB, finds the keys with a processor, and uses them in prefix only",
    why: "AWS rejects the stream at apply, or delivers everything to the error prefix.",
    fix: "Set dynamicPartitioningConfiguration: { enabled: true }, bufferingSize: 64 or more, and the processor MetadataExtraction (for Lambda's keys, Lambda).",
    mirrors: [],
    check: each(streamType, (stream) => {
      const prefix = `${stream.value(`${s3}.prefix`) ?? ""}`;
      const errors = `${stream.value(`${s3}.error_output_prefix`) ?? ""}`;
      const enabled = `${s3}.dynamic_partitioning_configuration.enabled`;
      const size = stream.number(`${s3}.buffering_size`);
      const types = processorTypes(stream);
      const kinds = (["Query", "Lambda"] as const).filter((kind) =>
        prefix.includes(`!{partitionKeyFrom${kind}:`),
      );
      const missing = kinds.filter((kind) => !types.includes(finders[kind]));
      const processorsKnown = !stream.isUnknown(`${s3}.processing_configuration`);
      return [
        ...(kinds.length > 0 && !stream.mayBeTrue(enabled)
          ? ["prefix has partition keys, but dynamic_partitioning_configuration is not enabled"]
          : []),
        ...(stream.isTrue(enabled) && kinds.length === 0 && !stream.isUnknown(`${s3}.prefix`)
          ? ["dynamic_partitioning_configuration is enabled, but prefix has no partition key"]
          : []),
        ...(stream.isTrue(enabled) && size !== undefined && size < 64 ? [`buffering_size is ${size}`] : []),
        ...(processorsKnown ? missing.map((kind) => `no processor ${finders[kind]} finds the keys`) : []),
        ...(errors.includes("!{partitionKeyFrom") ? ["error_output_prefix has a partition key"] : []),
      ];
    }),
  },
];
