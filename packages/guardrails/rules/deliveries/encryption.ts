import { arnOf, symbolicText } from "../../access/symbolic-text";
import { asRecords, type Resource } from "../../stack-view";

/** The key of a target that is not encrypted with a key that the service owns. */
export type TargetKey =
  /** A key that AWS manages, whose policy admits nobody but the account's own principals. */
  | { readonly managed: string }
  | {
      readonly key: Resource;
      readonly arn: string;
      /** What a sender must be allowed. */
      readonly actions: readonly string[];
      /** The service that uses the key for the sender. */
      readonly service: string;
    };

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html, and alike for others. */
const keys: Readonly<
  Record<
    string,
    { readonly service: string; readonly attribute: string; readonly actions: readonly string[] }
  >
> = {
  aws_dynamodb_table: {
    service: "dynamodb",
    attribute: "server_side_encryption.kms_key_arn",
    actions: ["kms:Decrypt"],
  },
  aws_kinesis_stream: {
    service: "kinesis",
    attribute: "kms_key_id",
    actions: ["kms:GenerateDataKey"],
  },
  aws_s3_bucket: { service: "s3", attribute: "", actions: ["kms:GenerateDataKey"] },
  aws_sns_topic: {
    service: "sns",
    attribute: "kms_master_key_id",
    actions: ["kms:GenerateDataKey", "kms:Decrypt"],
  },
  aws_sqs_queue: {
    service: "sqs",
    attribute: "kms_master_key_id",
    actions: ["kms:GenerateDataKey", "kms:Decrypt"],
  },
};

/** Undefined if there is none, or it is not in the stack. */
export function keyOf(target: Resource): TargetKey | undefined {
  const { service, attribute, actions } = keys[target.type] ?? {};
  if (service === undefined || attribute === undefined || !actions) return undefined;
  const written = target.type === "aws_s3_bucket" ? bucketKey(target) : target.raw(attribute);
  if (written === undefined) return undefined;
  const managed = /(?:^|:)(alias\/aws\/\w+)$/.exec(symbolicText(target.stack, written))?.[1];
  if (managed !== undefined) return { managed };
  const alias = target.stack.follow(written, "aws_kms_alias");
  const key = target.stack.follow(alias?.raw("target_key_id") ?? written, "aws_kms_key");
  return key && { key, arn: arnOf(key), actions, service };
}

function bucketKey(bucket: Resource): unknown {
  const [encryption] = bucket.stack.pointingAt(
    bucket,
    "aws_s3_bucket_server_side_encryption_configuration",
    "bucket",
  );
  const [rule] = asRecords(encryption?.raw("rule"));
  const [byDefault] = asRecords(rule?.apply_server_side_encryption_by_default);
  return byDefault?.kms_master_key_id;
}
