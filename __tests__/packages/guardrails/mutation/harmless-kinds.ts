import type { MutantKind } from "./mutant-kind";

const constant = ["a constant for a reference"];

/** Changes after which everything works as before. */
export const harmlessKinds: readonly MutantKind[] = [
  {
    attribute: /\w+\.description/,
    reason:
      "A description: it shows in a list, and nobody acts on it. An alarm's description is another matter.",
  },
  {
    attribute: /aws_iam_role_policy\.name|aws_cloudwatch_log_subscription_filter\.name/,
    reason: "The name of a part that nothing refers to. Terraform replaces the part.",
  },
  {
    attribute: /(?:output|aws_ssm_parameter)\.value/,
    operators: constant,
    reason: "The text that the reference evaluates to, published at another moment.",
  },
  {
    attribute:
      /aws_cloudwatch_(?:dashboard\.dashboard_body\..*\.metrics.*|metric_alarm\.(?:metric_query\[\]\.metric\.)?dimensions\.\w+)/,
    operators: constant,
    reason: "The name that the reference evaluates to. CloudWatch does not ask whether a metric exists yet.",
  },
  {
    attribute: /aws_lambda_function\.environment\.variables\.\w+/,
    operators: constant,
    reason: "The name that the reference evaluates to, which the function reads when it is called.",
  },
  {
    attribute: /aws_kinesis_firehose_delivery_stream\..*\.cloudwatch_logging_options\.log_\w+_name/,
    operators: constant,
    reason: "The name that the reference evaluates to. Firehose looks for it when it has something to log.",
  },
  {
    attribute:
      /aws_(?:api_gateway_(?:integration|(?:integration|method)_response)\.(?:http_method|status_code)|api_gateway_base_path_mapping\.domain_name|cloudwatch_log_subscription_filter\.log_group_name|lambda_(?:alias|function|function_event_invoke_config|permission)\.(?:function_name|logging_config\.log_group|s3_bucket|s3_key)|s3_bucket_policy\.bucket|s3_object\.source|cloudwatch_event_target\.event_bus_name)/,
    operators: constant,
    reason:
      "The text that the reference evaluates to, in a block that waits for the same resource for another reason. stack-creation-order refuses the others.",
  },
  {
    attribute:
      /aws_lambda_function\.s3_bucket|aws_kms_alias\.target_key_id|aws_api_gateway_(?:integration|method)_response\.(?:http_method|status_code)|aws_api_gateway_integration_response\.status_code|aws_sns_topic_subscription\.topic_arn/,
    operators: ["a sibling's reference", "another type's reference"],
    reason: "Leads to the same text by way of another resource, which is created earlier anyway.",
  },
  {
    attribute:
      /aws_(?:kms_key|api_gateway_rest_api|api_gateway_deployment|api_gateway_request_validator)|terraform_data/,
    operators: ["duplicate"],
    reason: "A second one that nothing uses.",
  },
  {
    attribute: /aws_lambda_permission/,
    operators: ["duplicate"],
    reason: "The same permission under another generated id.",
  },
  {
    attribute: /terraform\.required_version/,
    operators: ["remove", "drop"],
    reason: "An older Terraform refuses use_lockfile, so the version is bounded without it.",
  },
];
