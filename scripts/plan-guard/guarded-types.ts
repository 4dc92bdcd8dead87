/** Types whose resources must not go unnoticed, each with what goes with one. */
export const guardedTypes: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api: "its address, which callers have, goes with it",
  aws_apigatewayv2_api: "its address, which callers have, goes with it",
  aws_api_gateway_domain_name: "what DNS points at goes with it",
  aws_cloudwatch_event_bus:
    "the rules of whoever listens go with it, and what is published meanwhile is lost",
  aws_cloudwatch_event_archive: "the events that it keeps go with it",
  aws_cloudwatch_log_group: "the lines that it keeps go with it",
  aws_cognito_user_pool: "its users go with it",
  aws_db_instance: "the data that it holds goes with it",
  aws_dynamodb_table: "the items that it holds go with it",
  aws_efs_file_system: "the files that it holds go with it",
  aws_kinesis_stream: "the records that it keeps go with it",
  aws_kms_key: "nobody can read any more what it has encrypted",
  aws_rds_cluster: "the data that it holds goes with it",
  aws_s3_bucket: "the objects that it holds go with it, and its name may be taken by somebody else",
  aws_s3_directory_bucket: "the objects that it holds go with it",
  aws_secretsmanager_secret: "the secret goes with it",
  aws_sqs_queue: "the messages that wait in it go with it",
};
