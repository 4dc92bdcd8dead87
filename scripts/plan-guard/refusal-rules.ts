import type { Kind } from "./planned-change";

/**
 * Resource types that hold data or that others depend on, and what is lost when a resource of that type is destroyed. A plan that
 * Terraform itself refuses, because of `prevent_destroy`, is judged in judgement.ts.
 */
const lossByType: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api: "its URL, which callers use, is lost",
  aws_apigatewayv2_api: "its URL, which callers use, is lost",
  aws_api_gateway_domain_name: "the target that DNS points to is lost",
  aws_cloudwatch_event_bus: "its subscribers' rules are lost, and so are events published in the meantime",
  aws_cloudwatch_event_archive: "its archived events are lost",
  aws_cloudwatch_log_group: "its log lines are lost",
  aws_cognito_user_pool: "its users are lost",
  aws_db_instance: "its data is lost",
  aws_dynamodb_table: "its items are lost",
  aws_efs_file_system: "its files are lost",
  aws_kinesis_stream: "its records are lost",
  aws_kms_key: "whatever it encrypted can no longer be read",
  aws_rds_cluster: "its data is lost",
  aws_s3_bucket: "its objects are lost, and somebody else can take its name",
  aws_s3_directory_bucket: "its objects are lost",
  aws_secretsmanager_secret: "the secret is lost",
  aws_sqs_queue: "the messages waiting in it are lost",
};

/**
 * Why a change is refused unless it is acknowledged: it destroys or replaces a resource of a guarded type.
 * @returns what would be lost, or undefined if the change may pass
 */
export function lossOf(kind: Kind, type: string): string | undefined {
  return kind === "destroyed" || kind === "replaced" ? lossByType[type] : undefined;
}
