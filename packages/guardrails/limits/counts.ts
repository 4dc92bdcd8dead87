/** How many entries a list, or blocks a resource, may have. */
export interface Count {
  readonly type: string;
  readonly attribute: string;
  readonly maximum: number;
  readonly source: string;
}

export const counts: readonly Count[] = [
  {
    type: "aws_cloudwatch_metric_alarm",
    attribute: "alarm_actions",
    maximum: 5,
    source: "CloudWatch API, PutMetricAlarm",
  },
  {
    type: "aws_cloudwatch_metric_alarm",
    attribute: "ok_actions",
    maximum: 5,
    source: "CloudWatch API, PutMetricAlarm",
  },
  {
    type: "aws_cloudwatch_metric_alarm",
    attribute: "insufficient_data_actions",
    maximum: 5,
    source: "CloudWatch API, PutMetricAlarm",
  },
  {
    type: "aws_dynamodb_table",
    attribute: "global_secondary_index",
    maximum: 20,
    source: "DynamoDB's guide, Quotas",
  },
  {
    type: "aws_dynamodb_table",
    attribute: "local_secondary_index",
    maximum: 5,
    source: "DynamoDB's guide, Quotas",
  },
  { type: "aws_lambda_function", attribute: "layers", maximum: 5, source: "Lambda's guide, Quotas" },
  {
    type: "aws_lambda_event_source_mapping",
    attribute: "filter_criteria.filter",
    maximum: 5,
    source: "Lambda's guide, Event filtering; up to 10 on request",
  },
];
