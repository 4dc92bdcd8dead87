const bucketReads = [
  ..."GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLogging".split(" "),
  ..."GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging".split(" "),
  ..."GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration".split(" "),
  ..."GetReplicationConfiguration ListBucket".split(" "),
].map((action) => `s3:${action}`);

/**
 * The actions with which hashicorp/aws 5.100.0 reads each type of resource, with API Gateway's types as one. Recorded
 * from plans of deployed stacks, and compared with one in __tests__/e2e/planning-a-change.test.ts; for a domain, which the
 * emulator cannot hold, from the provider's source.
 */
export const readsByType: Readonly<Record<string, readonly string[]>> = {
  aws_api_gateway_: ["apigateway:GET"],
  aws_budgets_budget: ["budgets:ListTagsForResource", "budgets:ViewBudget"],
  aws_cloudwatch_dashboard: ["cloudwatch:GetDashboard"],
  aws_cloudwatch_event_bus: ["events:DescribeEventBus", "events:ListTagsForResource"],
  aws_cloudwatch_log_group: ["logs:DescribeLogGroups", "logs:ListTagsForResource"],
  aws_cloudwatch_log_stream: ["logs:DescribeLogStreams"],
  aws_cloudwatch_log_subscription_filter: ["logs:DescribeSubscriptionFilters"],
  aws_cloudwatch_metric_alarm: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
  aws_dynamodb_table: [
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:ListTagsOfResource",
  ],
  aws_iam_openid_connect_provider: ["iam:GetOpenIDConnectProvider"],
  aws_iam_policy: ["iam:GetPolicy", "iam:GetPolicyVersion"],
  aws_iam_role: ["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
  aws_iam_role_policies_exclusive: ["iam:ListRolePolicies"],
  aws_iam_role_policy: ["iam:GetRolePolicy"],
  aws_iam_role_policy_attachment: ["iam:ListAttachedRolePolicies"],
  aws_iam_role_policy_attachments_exclusive: ["iam:ListAttachedRolePolicies"],
  aws_kinesis_firehose_delivery_stream: [
    "firehose:DescribeDeliveryStream",
    "firehose:ListTagsForDeliveryStream",
  ],
  aws_kms_alias: ["kms:ListAliases"],
  aws_kms_key: [
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    // The variables of functions that the key encrypts.
    "kms:Decrypt",
  ],
  aws_kms_key_policy: ["kms:GetKeyPolicy"],
  aws_lambda_alias: ["lambda:GetAlias"],
  aws_lambda_event_source_mapping: ["lambda:GetEventSourceMapping", "lambda:ListTags"],
  aws_lambda_function: [
    "lambda:GetFunction",
    "lambda:GetFunctionCodeSigningConfig",
    "lambda:ListVersionsByFunction",
  ],
  aws_lambda_function_event_invoke_config: ["lambda:GetFunctionEventInvokeConfig"],
  aws_lambda_permission: ["lambda:GetPolicy"],
  aws_route53_record: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
  aws_s3_bucket: bucketReads,
  aws_s3_bucket_lifecycle_configuration: ["s3:GetLifecycleConfiguration"],
  aws_s3_bucket_notification: ["s3:GetBucketNotification"],
  aws_s3_bucket_ownership_controls: ["s3:GetBucketOwnershipControls"],
  aws_s3_bucket_policy: ["s3:GetBucketPolicy"],
  aws_s3_bucket_public_access_block: ["s3:GetBucketPublicAccessBlock"],
  aws_s3_bucket_server_side_encryption_configuration: ["s3:GetEncryptionConfiguration"],
  aws_s3_bucket_versioning: ["s3:GetBucketVersioning"],
  aws_s3_object: ["s3:GetObject", "s3:GetObjectTagging"],
  aws_sns_topic: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
  aws_sns_topic_policy: ["sns:GetTopicAttributes"],
  aws_sns_topic_subscription: ["sns:GetSubscriptionAttributes"],
  aws_sqs_queue: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
  aws_sqs_queue_policy: ["sqs:GetQueueAttributes"],
  aws_ssm_parameter: ["ssm:DescribeParameters", "ssm:GetParameter", "ssm:ListTagsForResource"],
  aws_wafv2_web_acl: ["wafv2:GetWebACL", "wafv2:ListTagsForResource"],
  aws_wafv2_web_acl_association: ["wafv2:GetWebACLForResource"],
  terraform_data: [],
};
