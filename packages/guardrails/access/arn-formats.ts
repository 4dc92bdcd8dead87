/** How the ARN of a resource is made, by the resource's type: `arn:<partition>:<service>:<Region>:<account>:<resource>`. */
export interface ArnFormat {
  readonly service: string;
  /** The last segment, with `{}` in place of the name. */
  readonly resource: string;
  /** The attribute that contains the name. @default name */
  readonly name?: string;
  /** Which segments are empty. `global` has no Region, `nowhere` has neither Region nor account. @default none */
  readonly place?: "global" | "nowhere";
  /** What Terraform's `id` is. A computed id is chosen by AWS. @default the name */
  readonly id?: "arn" | "url" | "computed";
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference; ids as in the provider's documentation. */
export const arnFormats: Readonly<Record<string, ArnFormat>> = {
  aws_budgets_budget: { service: "budgets", resource: "budget/{}", place: "global", id: "computed" },
  aws_cloudwatch_composite_alarm: { service: "cloudwatch", resource: "alarm:{}", name: "alarm_name" },
  aws_cloudwatch_event_api_destination: { service: "events", resource: "api-destination/{}" },
  aws_cloudwatch_event_bus: { service: "events", resource: "event-bus/{}" },
  aws_cloudwatch_log_group: { service: "logs", resource: "log-group:{}" },
  aws_cloudwatch_metric_alarm: { service: "cloudwatch", resource: "alarm:{}", name: "alarm_name" },
  aws_dynamodb_table: { service: "dynamodb", resource: "table/{}" },
  aws_iam_policy: { service: "iam", resource: "policy/{}", place: "global", id: "arn" },
  aws_iam_role: { service: "iam", resource: "role/{}", place: "global" },
  aws_iam_user: { service: "iam", resource: "user/{}", place: "global" },
  aws_kinesis_firehose_delivery_stream: { service: "firehose", resource: "deliverystream/{}", id: "arn" },
  aws_kinesis_stream: { service: "kinesis", resource: "stream/{}", id: "arn" },
  aws_kms_alias: { service: "kms", resource: "{}" },
  aws_kms_key: { service: "kms", resource: "key/{}", name: "key_id", id: "computed" },
  aws_lambda_function: { service: "lambda", resource: "function:{}", name: "function_name" },
  aws_s3_bucket: { service: "s3", resource: "{}", name: "bucket", place: "nowhere" },
  aws_sfn_state_machine: { service: "states", resource: "stateMachine:{}", id: "arn" },
  aws_sns_topic: { service: "sns", resource: "{}", id: "arn" },
  aws_sqs_queue: { service: "sqs", resource: "{}", id: "url" },
};
