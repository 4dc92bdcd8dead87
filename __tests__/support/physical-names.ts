import type { SynthesizedStack } from "./synthesized-stack";

/** The attribute that names a resource in its account, and how many characters the service accepts. */
const named: Readonly<Record<string, { readonly attribute: string; readonly maximum: number }>> = {
  aws_api_gateway_rest_api: { attribute: "name", maximum: 1_024 },
  aws_budgets_budget: { attribute: "name", maximum: 100 },
  aws_cloudwatch_dashboard: { attribute: "dashboard_name", maximum: 255 },
  aws_cloudwatch_event_bus: { attribute: "name", maximum: 256 },
  aws_cloudwatch_log_group: { attribute: "name", maximum: 512 },
  aws_cloudwatch_metric_alarm: { attribute: "alarm_name", maximum: 255 },
  aws_dynamodb_table: { attribute: "name", maximum: 255 },
  aws_iam_policy: { attribute: "name", maximum: 128 },
  aws_iam_role: { attribute: "name", maximum: 64 },
  aws_kinesis_firehose_delivery_stream: { attribute: "name", maximum: 64 },
  aws_kms_alias: { attribute: "name", maximum: 256 },
  aws_lambda_function: { attribute: "function_name", maximum: 64 },
  aws_s3_bucket: { attribute: "bucket", maximum: 63 },
  aws_sns_topic: { attribute: "name", maximum: 256 },
  aws_sqs_queue: { attribute: "name", maximum: 80 },
  aws_ssm_parameter: { attribute: "name", maximum: 1_011 },
  aws_wafv2_web_acl: { attribute: "name", maximum: 128 },
};

/** Types without a name, or with a name that is only unique within a parent whose name has the suffix. */
const namedByParent = new Set([
  "aws_api_gateway_deployment",
  "aws_api_gateway_gateway_response",
  "aws_api_gateway_integration",
  "aws_api_gateway_method",
  "aws_api_gateway_method_settings",
  "aws_api_gateway_model",
  "aws_api_gateway_request_validator",
  "aws_api_gateway_resource",
  "aws_api_gateway_rest_api_policy",
  "aws_api_gateway_stage",
  "aws_cloudwatch_log_stream",
  "aws_cloudwatch_log_subscription_filter",
  "aws_iam_role_policies_exclusive",
  "aws_iam_role_policy",
  "aws_iam_role_policy_attachments_exclusive",
  "aws_kms_key",
  "aws_kms_key_policy",
  "aws_lambda_alias",
  "aws_lambda_event_source_mapping",
  "aws_lambda_function_event_invoke_config",
  "aws_lambda_permission",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_notification",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_s3_object",
  "aws_sns_topic_policy",
  "aws_sns_topic_subscription",
  "aws_sqs_queue_policy",
  "aws_wafv2_web_acl_association",
  "terraform_data",
]);

/**
 * The names in a stack that must be unique in the account.
 * @throws Error for a type that is in neither list above; add a new type to one of them
 */
export function physicalNames(stack: SynthesizedStack): readonly string[] {
  return namedResources(stack).map(({ name }) => name);
}

/** The names that the service would refuse as too long. */
export function namesTooLong(stack: SynthesizedStack): readonly string[] {
  return namedResources(stack)
    .filter(({ name, maximum }) => name.length > maximum)
    .map(({ name }) => name);
}

function namedResources(stack: SynthesizedStack): { readonly name: string; readonly maximum: number }[] {
  const resources = stack.blocks.filter(({ mode, type }) => mode === "resource" && !namedByParent.has(type));
  return resources.map((resource) => {
    const rule = named[resource.type];
    if (rule) return { name: resource.text(rule.attribute), maximum: rule.maximum };
    throw new Error(`${resource.type} is new: add the attribute that names it to physical-names.ts`);
  });
}
