import { type AttributeChange, loss, type TypeRule, type Verdict } from "./attribute-rule";
import { harmless, identity, keeps, leavesItsRange, removes, removesOrTells } from "./vocabulary";

const otherDestination = harmless("unused");

/** Firehose, which writes records into a bucket. */
export const deliveryStreams: Readonly<Record<string, TypeRule>> = {
  aws_kinesis_firehose_delivery_stream: {
    end: "what it has buffered and what is sent in the meantime is lost",
    attributes: {
      name: identity,
      arn: harmless("derived"),
      destination: identity,
      destination_id: harmless("derived"),
      version_id: harmless("derived"),
      "extended_s3_configuration.bucket_arn": keeps(
        "records go to another bucket, where nobody looks for them",
      ),
      "extended_s3_configuration.prefix": keeps("records go elsewhere, where nobody looks for them"),
      "extended_s3_configuration.error_output_prefix": keeps(
        "failed records go elsewhere, where nobody looks for them",
      ),
      "extended_s3_configuration.file_extension": keeps(
        "readers that know objects by their extension miss them",
      ),
      "extended_s3_configuration.custom_time_zone": keeps("records go to another hour's or day's folder"),
      "extended_s3_configuration.compression_format": keeps("readers find objects that they cannot unpack"),
      "extended_s3_configuration.kms_key_arn": removes("records are encrypted with another key"),
      "extended_s3_configuration.role_arn": deliveryRole,
      "extended_s3_configuration.buffering_interval": leavesItsRange(
        "records arrive later, or in very many objects",
        {
          unset: 300,
        },
      ),
      "extended_s3_configuration.buffering_size": leavesItsRange(
        "records arrive later, or in very many objects",
        {
          unset: 5,
        },
      ),
      "extended_s3_configuration.cloudwatch_logging_options": keeps(
        "nobody hears any more why a delivery failed",
        "more",
      ),
      "extended_s3_configuration.data_format_conversion_configuration": keeps(
        "readers find objects in another format",
      ),
      "extended_s3_configuration.dynamic_partitioning_configuration": keeps("records go elsewhere"),
      "extended_s3_configuration.processing_configuration": keeps(
        "readers find records in another form, or none",
      ),
      "extended_s3_configuration.s3_backup_configuration": removesOrTells(
        "records are no longer kept as they came",
        (where) => `copies of the records now go to ${where}`,
      ),
      "extended_s3_configuration.s3_backup_mode": keeps("records are no longer kept as they came", "more"),
      server_side_encryption: keeps("buffered records are encrypted otherwise, or not at all", "tighter"),
      kinesis_source_configuration: identity,
      msk_source_configuration: identity,
      // A stream has one destination, and `destination` says which.
      elasticsearch_configuration: otherDestination,
      http_endpoint_configuration: otherDestination,
      iceberg_configuration: otherDestination,
      opensearch_configuration: otherDestination,
      opensearchserverless_configuration: otherDestination,
      redshift_configuration: otherDestination,
      snowflake_configuration: otherDestination,
      splunk_configuration: otherDestination,
    },
  },
};

function deliveryRole({ after, unknown }: AttributeChange): readonly Verdict[] {
  return [
    loss(
      `records are written as ${unknown ? "a role known only after apply" : after}, and are lost if it may not`,
    ),
  ];
}
