import type { SynthesizedStack } from "./synthesized-stack";

/** Which attribute names a resource in its account, for each type whose names must be unique there. */
const nameAttribute: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api: "name",
  aws_budgets_budget: "name",
  aws_cloudwatch_dashboard: "dashboard_name",
  aws_cloudwatch_event_bus: "name",
  aws_cloudwatch_log_group: "name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_dynamodb_table: "name",
  aws_iam_policy: "name",
  aws_iam_role: "name",
  aws_kinesis_firehose_delivery_stream: "name",
  aws_kms_alias: "name",
  aws_lambda_function: "function_name",
  aws_s3_bucket: "bucket",
  aws_sns_topic: "name",
  aws_sqs_queue: "name",
  aws_ssm_parameter: "name",
};

/** Types without a name, or whose name is unique within a parent that carries the suffix. */
const namedByParent = new Set([
  "aws_api_gateway_deployment",
  "aws_api_gateway_gateway_response",
  "aws_api_gateway_integration",
  "aws_api_gateway_method",
  "aws_api_gateway_method_settings",
  "aws_api_gateway_model",
  "aws_api_gateway_request_validator",
  "aws_api_gateway_resource",
  "aws_api_gateway_stage",
  "aws_cloudwatch_log_stream",
  "aws_cloudwatch_log_subscription_filter",
  "aws_iam_role_policy",
  "aws_kms_key",
  "aws_kms_key_policy",
  "aws_lambda_alias",
  "aws_lambda_event_source_mapping",
  "aws_lambda_function_event_invoke_config",
  "aws_lambda_permission",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_s3_object",
  "aws_sns_topic_policy",
  "aws_sns_topic_subscription",
  "aws_sqs_queue_policy",
]);

/**
 * The name of everything in a stack that must have one of its own in the account.
 * @throws Error for a type that is in neither list above: a new one must be put into one of them
 */
export function physicalNames(stack: SynthesizedStack): readonly string[] {
  const resources = stack.blocks.filter(({ mode, type }) => mode === "resource" && !namedByParent.has(type));
  return resources.map((resource) => {
    const attribute = nameAttribute[resource.type];
    if (attribute) return resource.text(attribute);
    throw new Error(`${resource.type} is new: say in physical-names.ts by which attribute it is named`);
  });
}
