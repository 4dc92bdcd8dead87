import type { Json } from "./mutation";

const elsewhere = "arn:aws:sqs:eu-west-1:000000000000:elsewhere";
const key = "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-0000-0000-000000000000";

/** By type, attributes that the program does not set, each with a value that somebody might set by hand. */
export const unsetAttributes: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  aws_api_gateway_method: { api_key_required: true },
  aws_api_gateway_rest_api: {
    // Not binary_media_types: once the emulator has refused them, nobody can read the API any more.
    api_key_source: "AUTHORIZER",
    disable_execute_api_endpoint: true,
    minimum_compression_size: "0",
  },
  aws_api_gateway_stage: {
    cache_cluster_enabled: true,
    client_certificate_id: "elsewhere",
    documentation_version: "1",
  },
  aws_cloudwatch_event_bus: { dead_letter_config: { arn: elsewhere }, kms_key_identifier: key },
  aws_cloudwatch_log_group: { kms_key_id: key },
  aws_cloudwatch_metric_alarm: {
    insufficient_data_actions: ["arn:aws:sns:eu-west-1:000000000000:elsewhere"],
  },
  aws_dynamodb_table: {
    on_demand_throughput: { max_read_request_units: 1, max_write_request_units: 1 },
    table_class: "STANDARD_INFREQUENT_ACCESS",
  },
  aws_iam_role: {
    max_session_duration: 7_200,
    permissions_boundary: "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
  },
  aws_lambda_alias: {
    description: "planted",
    routing_config: { additional_version_weights: { "1": 0.5 } },
  },
  aws_lambda_event_source_mapping: {
    enabled: false,
    parallelization_factor: 2,
    tumbling_window_in_seconds: 10,
  },
  aws_lambda_function: {
    ephemeral_storage: { size: 1_024 },
    kms_key_arn: key,
    layers: ["arn:aws:lambda:eu-west-1:000000000000:layer:elsewhere:1"],
    reserved_concurrent_executions: 0,
  },
  aws_sns_topic: { display_name: "planted", kms_master_key_id: key, tracing_config: "Active" },
  aws_sqs_queue: {
    delay_seconds: 900,
    kms_master_key_id: key,
    max_message_size: 1_024,
    receive_wait_time_seconds: 20,
    redrive_allow_policy: '{"redrivePermission":"denyAll"}',
    redrive_policy: JSON.stringify({ deadLetterTargetArn: elsewhere, maxReceiveCount: 1 }),
    visibility_timeout_seconds: 43_200,
  },
};
