import { limitsOf, matching, oneOf, upTo, whole } from "./accepts";

const timeZone = {
  words: "a time zone's name, such as Europe/Oslo",
  holds: (value: unknown): boolean => isTimeZone(`${value}`),
};

const indexName = matching(/^[\w.-]{3,255}$/, "3 to 255 letters, digits and ._-");
const projection = oneOf("ALL", "KEYS_ONLY", "INCLUDE");

export const dataLimits = [
  ...limitsOf("aws_dynamodb_table", "DynamoDB API, CreateTable", {
    billing_mode: oneOf("PAY_PER_REQUEST", "PROVISIONED"),
    "global_secondary_index.name": indexName,
    "global_secondary_index.projection_type": projection,
    "local_secondary_index.name": indexName,
    "local_secondary_index.projection_type": projection,
    "point_in_time_recovery.recovery_period_in_days": whole(1, 35),
    stream_view_type: oneOf("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"),
    table_class: oneOf("STANDARD", "STANDARD_INFREQUENT_ACCESS"),
    "ttl.attribute_name": upTo(255),
  }),
  ...limitsOf("aws_kms_key", "KMS API, CreateKey, ScheduleKeyDeletion and EnableKeyRotation", {
    deletion_window_in_days: whole(7, 30),
    description: upTo(8_192),
    key_usage: oneOf("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
    rotation_period_in_days: whole(90, 2_560),
  }),
  ...limitsOf("aws_kinesis_firehose_delivery_stream", "Firehose API, ExtendedS3DestinationConfiguration", {
    "extended_s3_configuration.buffering_interval": whole(0, 900),
    "extended_s3_configuration.buffering_size": whole(1, 128),
    "extended_s3_configuration.compression_format": oneOf(
      "UNCOMPRESSED",
      "GZIP",
      "ZIP",
      "Snappy",
      "HADOOP_SNAPPY",
    ),
    "extended_s3_configuration.custom_time_zone": timeZone,
    "extended_s3_configuration.error_output_prefix": upTo(1_024),
    "extended_s3_configuration.file_extension": matching(
      /^\.[0-9a-z!\-_.*'()]{1,127}$/,
      "a dot and then lower-case letters, digits and !-_.*'()",
    ),
    "extended_s3_configuration.prefix": upTo(1_024),
    "extended_s3_configuration.s3_backup_mode": oneOf("Disabled", "Enabled"),
  }),
  ...limitsOf("aws_scheduler_schedule", "EventBridge Scheduler API, CreateSchedule", {
    schedule_expression_timezone: timeZone,
  }),
  ...limitsOf("aws_ssm_parameter", "Systems Manager API, PutParameter", {
    description: upTo(1_024),
    tier: oneOf("Standard", "Advanced", "Intelligent-Tiering"),
    type: oneOf("String", "StringList", "SecureString"),
  }),
  ...limitsOf("aws_secretsmanager_secret", "Secrets Manager API, DeleteSecret", {
    recovery_window_in_days: whole(7, 30, 0),
  }),
  ...limitsOf("aws_s3_bucket_versioning", "S3 API, PutBucketVersioning", {
    "versioning_configuration.status": oneOf("Enabled", "Suspended", "Disabled"),
  }),
];

/** The time zone database has names. CET+1 and +02:00 are none of them. */
function isTimeZone(name: string): boolean {
  if (/[+-]\d/.test(name) && !name.startsWith("Etc/")) return false;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
