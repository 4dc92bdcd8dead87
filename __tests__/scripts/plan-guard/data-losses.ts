import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import { inFirst, policyWith, valuesOf } from "./prod-plan";
import type { RefusedUpdate } from "./refused-update";

const table = "aws_dynamodb_table.items-table";
const queue = "aws_sqs_queue.dead-letter-queue";
const logBucket = "aws_s3_bucket_lifecycle_configuration.log-bucket_lifecycle";
const artifacts = "aws_s3_bucket_lifecycle_configuration.artifact-bucket_lifecycle";
const key = "aws_kms_key.encryption-key";
const keyPolicy = "aws_kms_key_policy.encryption-key_policy";
const stream = "aws_kinesis_firehose_delivery_stream.access-log-delivery_stream";
const rules = (name: string): readonly Values[] => valuesOf(name).rule as Values[];
const withoutSid = (sid: string) => (statements: readonly Values[]) =>
  statements.filter(({ Sid }) => Sid !== sid);

/** What is kept for less time, or no longer protected. */
export const dataLosses: readonly RefusedUpdate[] = [
  [table, "stream_view_type", { stream_view_type: "KEYS_ONLY" }],
  [table, "stream_view_type", { stream_view_type: "NEW_IMAGE" }],
  [table, "stream_enabled", { stream_enabled: false }],
  [table, "point_in_time_recovery.enabled", { point_in_time_recovery: [{ enabled: false }] }],
  [table, "point_in_time_recovery.enabled", { point_in_time_recovery: [] }],
  [
    table,
    "point_in_time_recovery.recovery_period_in_days",
    { point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 1 }] },
  ],
  [table, "server_side_encryption.enabled", { server_side_encryption: [] }],
  [
    table,
    "server_side_encryption.kms_key_arn",
    { server_side_encryption: [{ enabled: true, kms_key_arn: null }] },
  ],
  [
    table,
    "server_side_encryption.kms_key_arn",
    { server_side_encryption: [{ enabled: true, kms_key_arn: "arn:aws:kms:eu-west-1:999999999999:key/k" }] },
  ],
  [table, "ttl.attribute_name", { ttl: [{ enabled: true, attribute_name: "timestamp" }] }],
  [
    table,
    "ttl.enabled",
    { ttl: [{ enabled: true, attribute_name: "createdAt" }] },
    { ttl: [{ enabled: false, attribute_name: "" }] },
  ],
  [table, "ttl.enabled", { ttl: [{ enabled: false, attribute_name: "" }] }],
  [table, "billing_mode", { billing_mode: "PROVISIONED", read_capacity: 1, write_capacity: 1 }],
  [
    table,
    "on_demand_throughput",
    { on_demand_throughput: [{ max_read_request_units: 1, max_write_request_units: 1 }] },
  ],
  [table, "deletion_protection_enabled", { deletion_protection_enabled: false }],
  [logBucket, "rule[expire].expiration.days", inFirst(logBucket, "rule", { expiration: [{ days: 1 }] })],
  [logBucket, "rule[expire].filter", inFirst(logBucket, "rule", { filter: [{ prefix: "access-log/" }] })],
  [
    logBucket,
    "rule[tidy].expiration.days",
    {
      rule: [
        ...rules(logBucket),
        {
          id: "tidy",
          status: "Enabled",
          filter: [{ prefix: "access-log/year=2024" }],
          expiration: [{ days: 1 }],
        },
      ],
    },
  ],
  [
    logBucket,
    "rule[expire].expiration.days",
    { rule: [rules(logBucket)[1] ?? {}, { ...rules(logBucket)[0], expiration: [{ days: 30 }] }] },
  ],
  [
    logBucket,
    "rule[expire].transition",
    inFirst(logBucket, "rule", { transition: [{ days: 0, storage_class: "DEEP_ARCHIVE" }] }),
  ],
  [
    artifacts,
    "rule.noncurrent_version_expiration.noncurrent_days",
    inFirst(artifacts, "rule", { noncurrent_version_expiration: [{ noncurrent_days: 1 }] }),
  ],
  [
    "aws_s3_bucket_versioning.artifact-bucket_versioning",
    "versioning_configuration.status",
    { versioning_configuration: [{ status: "Suspended" }] },
  ],
  [
    artifacts,
    "rule.noncurrent_version_expiration.newer_noncurrent_versions",
    inFirst(artifacts, "rule", {
      noncurrent_version_expiration: [{ noncurrent_days: 30, newer_noncurrent_versions: null }],
    }),
    inFirst(artifacts, "rule", {
      noncurrent_version_expiration: [{ noncurrent_days: 30, newer_noncurrent_versions: 5 }],
    }),
  ],
  [
    "aws_s3_bucket_server_side_encryption_configuration.artifact-bucket_encryption",
    "rule.apply_server_side_encryption_by_default.kms_master_key_id",
    { rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms" }] }] },
  ],
  [queue, "message_retention_seconds", { message_retention_seconds: 345_600 }],
  [queue, "max_message_size", { max_message_size: 1_024 }],
  [queue, "delay_seconds", { delay_seconds: 900 }],
  [queue, "kms_master_key_id", { kms_master_key_id: "" }],
  ["aws_cloudwatch_log_group.api_stage_access-log_group", "retention_in_days", { retention_in_days: 1 }],
  ["aws_cloudwatch_log_group.stream-function_log-group", "kms_key_id", { kms_key_id: "" }],
  [key, "enable_key_rotation", { enable_key_rotation: false }],
  [key, "is_enabled", { is_enabled: false }],
  [key, "deletion_window_in_days", { deletion_window_in_days: 7 }],
  [keyPolicy, "policy", policyWith(keyPolicy, "policy", withoutSid("LogGroups"))],
  [
    keyPolicy,
    "policy",
    policyWith(keyPolicy, "policy", (statements) =>
      statements.map((each) => (each.Sid === "LeaveItToIam" ? { ...each, Action: ["kms:Describe*"] } : each)),
    ),
  ],
  ["aws_kms_alias.encryption-key_alias", "target_key_id", { target_key_id: "another" }],
  [
    stream,
    "extended_s3_configuration.prefix",
    inFirst(stream, "extended_s3_configuration", { prefix: "tmp/" }),
  ],
  [
    stream,
    "extended_s3_configuration.bucket_arn",
    inFirst(stream, "extended_s3_configuration", { bucket_arn: "arn:aws:s3:::other" }),
  ],
];
