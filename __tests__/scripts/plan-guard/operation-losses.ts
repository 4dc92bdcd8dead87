import { inFirst, policyWith, valuesOf } from "./prod-plan";
import type { RefusedUpdate } from "./refused-update";

const stage = "aws_api_gateway_stage.api_stage";
const settings = "aws_api_gateway_method_settings.api_stage_method-settings";
const alarm = "aws_cloudwatch_metric_alarm.alarms_api-5xx_alarm";
const apiFunction = "aws_lambda_function.api-function";
const model = "aws_api_gateway_model.api_post-items-model";
const mapping = "aws_lambda_event_source_mapping.stream-mapping";
const asynchronous = "aws_lambda_function_event_invoke_config.api-function_asynchronous-invocation";

/** What no longer watches or works. */
export const operationLosses: readonly RefusedUpdate[] = [
  [alarm, "actions_enabled", { actions_enabled: false }],
  [alarm, "alarm_actions", { alarm_actions: [] }],
  [alarm, "alarm_actions", { alarm_actions: ["arn:aws:sns:eu-west-1:999999999999:other"] }],
  [alarm, "ok_actions", { ok_actions: [] }],
  [alarm, "threshold", { threshold: 1 }],
  [alarm, "comparison_operator", { comparison_operator: "LessThanThreshold", threshold: 0 }],
  [alarm, "treat_missing_data", { treat_missing_data: "ignore" }],
  [alarm, "dimensions", { dimensions: { ApiName: "serverless-app-api-prod", Stage: "v2" } }],
  [alarm, "metric_name", { metric_name: "5xxError" }],
  [alarm, "statistic", { statistic: "SampleCount" }],
  [alarm, "evaluation_periods", { evaluation_periods: 1_440, datapoints_to_alarm: 1_440 }],
  [
    alarm,
    "datapoints_to_alarm",
    { datapoints_to_alarm: null },
    { datapoints_to_alarm: 3, evaluation_periods: 5 },
  ],
  [alarm, "datapoints_to_alarm", { datapoints_to_alarm: 5 }],
  [apiFunction, "reserved_concurrent_executions", { reserved_concurrent_executions: 0 }],
  [apiFunction, "reserved_concurrent_executions", { reserved_concurrent_executions: -1 }],
  [apiFunction, "timeout", { timeout: 1 }],
  [apiFunction, "memory_size", { memory_size: 128 }],
  [apiFunction, "dead_letter_config.target_arn", { dead_letter_config: [] }],
  [apiFunction, "tracing_config.mode", { tracing_config: [{ mode: "PassThrough" }] }],
  [apiFunction, "logging_config.log_format", inFirst(apiFunction, "logging_config", { log_format: "Text" })],
  [
    apiFunction,
    "logging_config.application_log_level",
    inFirst(apiFunction, "logging_config", { application_log_level: "FATAL" }),
  ],
  [
    apiFunction,
    "environment.variables",
    { environment: [{ variables: { POWERTOOLS_SERVICE_NAME: "api" } }] },
  ],
  [apiFunction, "kms_key_arn", { kms_key_arn: "" }],
  [mapping, "enabled", { enabled: false }],
  [mapping, "maximum_retry_attempts", { maximum_retry_attempts: 0 }],
  [mapping, "maximum_record_age_in_seconds", { maximum_record_age_in_seconds: 60 }],
  [mapping, "destination_config.on_failure.destination_arn", { destination_config: [] }],
  [mapping, "filter_criteria", { filter_criteria: [{ filter: [{ pattern: '{"eventName":["NONE"]}' }] }] }],
  [mapping, "filter_criteria", { filter_criteria: [{ filter: [{ pattern: '{"eventName":["MODIFY"]}' }] }] }],
  [mapping, "bisect_batch_on_function_error", { bisect_batch_on_function_error: false }],
  [mapping, "function_response_types", { function_response_types: [] }],
  [settings, "settings.throttling_burst_limit", inFirst(settings, "settings", { throttling_burst_limit: 0 })],
  [settings, "settings.throttling_rate_limit", inFirst(settings, "settings", { throttling_rate_limit: 0.1 })],
  [settings, "settings.throttling_rate_limit", inFirst(settings, "settings", { throttling_rate_limit: -1 })],
  [settings, "settings.logging_level", inFirst(settings, "settings", { logging_level: "OFF" })],
  [settings, "settings.metrics_enabled", inFirst(settings, "settings", { metrics_enabled: false })],
  [settings, "settings.data_trace_enabled", inFirst(settings, "settings", { data_trace_enabled: true })],
  [settings, "settings.caching_enabled", inFirst(settings, "settings", { caching_enabled: true })],
  [stage, "access_log_settings.destination_arn", { access_log_settings: [] }],
  [stage, "variables", { variables: {} }],
  [stage, "xray_tracing_enabled", { xray_tracing_enabled: false }],
  [stage, "deployment_id", { deployment_id: "older" }],
  [asynchronous, "maximum_retry_attempts", { maximum_retry_attempts: 0 }],
  [asynchronous, "maximum_event_age_in_seconds", { maximum_event_age_in_seconds: 60 }],
  [
    "aws_api_gateway_model.api_post-items-model",
    "schema",
    { schema: JSON.stringify({ type: "object", required: ["id", "data", "owner"] }) },
  ],
  [model, "schema", { schema: `${valuesOf(model).schema}`.replace('"maxLength":256', '"maxLength":16') }],
  [model, "schema", { schema: `${valuesOf(model).schema}`.replace("{", '{"minProperties":3,') }],
  ["aws_lambda_alias.api-function_live", "function_version", { function_version: "3" }],
  [
    "aws_lambda_alias.api-function_live",
    "routing_config",
    { routing_config: [{ additional_version_weights: { "3": 0.9 } }] },
  ],
  ["aws_ssm_parameter.parameter-api-url", "value", { value: "https://elsewhere.example" }],
  ["aws_ssm_parameter.parameter-api-url", "type", { type: "SecureString" }],
  [
    "aws_iam_policy.api_invoke-policy",
    "policy",
    policyWith("aws_iam_policy.api_invoke-policy", "policy", (all) =>
      all.map((each) => ({ ...each, Resource: `${each.Resource}`.replace("/prod/*", "/prod/GET/*") })),
    ),
  ],
  [
    "aws_cloudwatch_log_subscription_filter.access-log-delivery_subscription",
    "filter_pattern",
    { filter_pattern: "{ $.status = 500 }" },
  ],
];
