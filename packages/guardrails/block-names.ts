/** The attribute that contains a resource's name, by type. The default is `name`. */
export const nameAttributes: Readonly<Record<string, string>> = {
  aws_api_gateway_stage: "stage_name",
  aws_cloudwatch_composite_alarm: "alarm_name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_lambda_function: "function_name",
  aws_s3_bucket: "bucket",
};

/** The attribute that refers to a block's parent: any attribute of a function's alias leads to the function. */
export const parentAttributes: Readonly<Record<string, string>> = { aws_lambda_alias: "function_name" };
