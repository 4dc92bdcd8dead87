/** Resources of which AWS keeps one for each combination of values, so that a second one overwrites it or is rejected. */
export interface Single {
  readonly type: string;
  /** What identifies it: the parent first. A value that is absent is the default after `=`, or no value at all. */
  readonly key: readonly string[];
  /** The attribute of the parent itself that says the same. */
  readonly inline?: string;
  /** Only if all parts of the key are written. @default false */
  readonly ifComplete?: boolean;
}

/** Types of the parents, by the attribute that names them. */
export const parentTypes: Readonly<Record<string, readonly string[]>> = {
  arn: ["aws_sns_topic"],
  bucket: ["aws_s3_bucket"],
  domain_name: ["aws_api_gateway_domain_name"],
  event_bus_name: ["aws_cloudwatch_event_bus"],
  event_source_arn: ["aws_dynamodb_table", "aws_kinesis_stream", "aws_sqs_queue"],
  key_id: ["aws_kms_key", "aws_api_gateway_api_key"],
  log_group_name: ["aws_cloudwatch_log_group"],
  parent_id: ["aws_api_gateway_resource", "aws_api_gateway_rest_api"],
  queue_url: ["aws_sqs_queue"],
  resource_arn: ["aws_api_gateway_stage", "aws_dynamodb_table", "aws_kinesis_stream"],
  resource_id: ["aws_api_gateway_resource", "aws_api_gateway_rest_api"],
  rest_api_id: ["aws_api_gateway_rest_api"],
  role: ["aws_iam_role"],
  role_name: ["aws_iam_role"],
  rule: ["aws_cloudwatch_event_rule"],
  secret_arn: ["aws_secretsmanager_secret"],
  secret_id: ["aws_secretsmanager_secret"],
  stream_arn: ["aws_kinesis_stream"],
  table_name: ["aws_dynamodb_table"],
  global_table_arn: ["aws_dynamodb_table"],
  topic_arn: ["aws_sns_topic"],
  usage_plan_id: ["aws_api_gateway_usage_plan"],
};

const bucketParts = [
  "accelerate_configuration",
  "acl",
  "cors_configuration",
  "lifecycle_configuration",
  "logging",
  "notification",
  "object_lock_configuration",
  "ownership_controls",
  "policy",
  "public_access_block",
  "replication_configuration",
  "request_payment_configuration",
  "server_side_encryption_configuration",
  "versioning",
  "website_configuration",
];

/** Attributes of aws_s3_bucket that older configurations use. The others have no such attribute. */
const inBucket: Readonly<Record<string, string>> = {
  cors_configuration: "cors_rule",
  lifecycle_configuration: "lifecycle_rule",
  logging: "logging",
  policy: "policy",
  replication_configuration: "replication_configuration",
  server_side_encryption_configuration: "server_side_encryption_configuration",
  versioning: "versioning",
  website_configuration: "website",
};

/**
 * The provider's documentation of each type says that it manages the whole setting, or the service's API that a second one
 * is a conflict: https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
export const singles: readonly Single[] = [
  { type: "aws_api_gateway_domain_name", key: ["domain_name"] },
  { type: "aws_cloudwatch_log_stream", key: ["log_group_name", "name"] },
  { type: "aws_route53_record", key: ["zone_id", "name", "type", "set_identifier="] },
  { type: "aws_s3_object", key: ["bucket", "key"], ifComplete: true },
  ...bucketParts.map((part) => ({
    type: `aws_s3_bucket_${part}`,
    key: ["bucket"],
    ...(inBucket[part] && { inline: inBucket[part] }),
  })),
  { type: "aws_api_gateway_account", key: [] },
  { type: "aws_api_gateway_base_path_mapping", key: ["domain_name", "base_path=", "domain_name_id="] },
  { type: "aws_api_gateway_gateway_response", key: ["rest_api_id", "response_type"] },
  { type: "aws_api_gateway_integration", key: ["rest_api_id", "resource_id", "http_method"] },
  {
    type: "aws_api_gateway_integration_response",
    key: ["rest_api_id", "resource_id", "http_method", "status_code"],
  },
  { type: "aws_api_gateway_method", key: ["rest_api_id", "resource_id", "http_method"] },
  {
    type: "aws_api_gateway_method_response",
    key: ["rest_api_id", "resource_id", "http_method", "status_code"],
  },
  { type: "aws_api_gateway_method_settings", key: ["rest_api_id", "stage_name", "method_path"] },
  { type: "aws_api_gateway_model", key: ["rest_api_id", "name"] },
  { type: "aws_api_gateway_resource", key: ["rest_api_id", "parent_id", "path_part"] },
  { type: "aws_api_gateway_rest_api_policy", key: ["rest_api_id"], inline: "policy" },
  { type: "aws_api_gateway_stage", key: ["rest_api_id", "stage_name"] },
  { type: "aws_api_gateway_usage_plan_key", key: ["usage_plan_id", "key_id"] },
  { type: "aws_appautoscaling_target", key: ["service_namespace", "resource_id", "scalable_dimension"] },
  {
    type: "aws_appautoscaling_policy",
    key: ["service_namespace", "resource_id", "scalable_dimension", "name"],
  },
  { type: "aws_cloudwatch_event_bus_policy", key: ["event_bus_name=default"] },
  { type: "aws_cloudwatch_event_permission", key: ["event_bus_name=default", "statement_id"] },
  {
    type: "aws_cloudwatch_event_target",
    key: ["rule", "event_bus_name=default", "target_id"],
    ifComplete: true,
  },
  { type: "aws_cloudwatch_log_data_protection_policy", key: ["log_group_name"] },
  { type: "aws_cloudwatch_log_metric_filter", key: ["log_group_name", "name"] },
  { type: "aws_cloudwatch_log_resource_policy", key: ["policy_name"] },
  { type: "aws_cloudwatch_log_subscription_filter", key: ["log_group_name", "name"] },
  { type: "aws_dynamodb_contributor_insights", key: ["table_name", "index_name="] },
  { type: "aws_dynamodb_kinesis_streaming_destination", key: ["table_name", "stream_arn"] },
  { type: "aws_dynamodb_resource_policy", key: ["resource_arn"] },
  { type: "aws_dynamodb_table_replica", key: ["global_table_arn"], inline: "replica" },
  { type: "aws_iam_openid_connect_provider", key: ["url"] },
  { type: "aws_iam_role_policies_exclusive", key: ["role_name"], inline: "inline_policy" },
  { type: "aws_iam_role_policy", key: ["role", "name"], ifComplete: true },
  { type: "aws_iam_role_policy_attachment", key: ["role", "policy_arn"] },
  {
    type: "aws_iam_role_policy_attachments_exclusive",
    key: ["role_name"],
    inline: "managed_policy_arns",
  },
  { type: "aws_kinesis_resource_policy", key: ["resource_arn"] },
  { type: "aws_kms_key_policy", key: ["key_id"], inline: "policy" },
  { type: "aws_lambda_alias", key: ["function_name", "name"] },
  {
    type: "aws_lambda_event_source_mapping",
    key: ["event_source_arn", "function_name", "topics=", "queues="],
    ifComplete: true,
  },
  { type: "aws_lambda_function_event_invoke_config", key: ["function_name", "qualifier=$LATEST"] },
  { type: "aws_lambda_function_url", key: ["function_name", "qualifier=$LATEST"] },
  {
    type: "aws_lambda_permission",
    key: ["function_name", "qualifier=", "statement_id"],
    ifComplete: true,
  },
  { type: "aws_lambda_provisioned_concurrency_config", key: ["function_name", "qualifier"] },
  { type: "aws_lambda_runtime_management_config", key: ["function_name", "qualifier=$LATEST"] },
  { type: "aws_secretsmanager_secret_policy", key: ["secret_arn"], inline: "policy" },
  { type: "aws_secretsmanager_secret_rotation", key: ["secret_id"] },
  { type: "aws_sns_topic_data_protection_policy", key: ["arn"] },
  { type: "aws_sns_topic_policy", key: ["arn"], inline: "policy" },
  { type: "aws_sns_topic_subscription", key: ["topic_arn", "protocol", "endpoint"] },
  { type: "aws_sqs_queue_policy", key: ["queue_url"], inline: "policy" },
  { type: "aws_sqs_queue_redrive_allow_policy", key: ["queue_url"], inline: "redrive_allow_policy" },
  { type: "aws_sqs_queue_redrive_policy", key: ["queue_url"], inline: "redrive_policy" },
  { type: "aws_wafv2_web_acl_association", key: ["resource_arn"] },
];
