import { limitsOf, matching, oneOf, upTo, whole } from "./accepts";

const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

export const lambdaLimits = [
  ...limitsOf("aws_lambda_function", "Lambda API, CreateFunction", {
    architectures: oneOf("x86_64", "arm64"),
    description: upTo(256),
    "ephemeral_storage.size": whole(512, 10_240),
    "file_system_config.local_mount_path": matching(/^\/mnt\/[\w.-]+$/, "a path below /mnt/"),
    handler: matching(/^\S{1,128}$/, "at most 128 characters without spaces"),
    "logging_config.application_log_level": oneOf(...levels),
    "logging_config.log_format": oneOf("JSON", "Text"),
    "logging_config.system_log_level": oneOf("DEBUG", "INFO", "WARN"),
    memory_size: whole(128, 10_240),
    package_type: oneOf("Zip", "Image"),
    reserved_concurrent_executions: whole(0, 1_000_000, -1),
    "snap_start.apply_on": oneOf("PublishedVersions", "None"),
    timeout: whole(1, 900),
    "tracing_config.mode": oneOf("Active", "PassThrough"),
  }),
  ...limitsOf("aws_lambda_alias", "Lambda API, CreateAlias", {
    name: matching(/^(?!\d+$)[\w-]{1,128}$/, "letters, digits, - and _, and not only digits"),
  }),
  ...limitsOf("aws_lambda_function_event_invoke_config", "Lambda API, PutFunctionEventInvokeConfig", {
    maximum_event_age_in_seconds: whole(60, 21_600),
    maximum_retry_attempts: whole(0, 2),
  }),
  ...limitsOf("aws_lambda_function_url", "Lambda API, CreateFunctionUrlConfig", {
    authorization_type: oneOf("NONE", "AWS_IAM"),
    "cors.max_age": whole(0, 86_400),
    invoke_mode: oneOf("BUFFERED", "RESPONSE_STREAM"),
  }),
  ...limitsOf("aws_lambda_permission", "Lambda API, AddPermission", {
    action: matching(/^lambda:(\*|[A-Z]\w+)$/, "an action of Lambda"),
    function_url_auth_type: oneOf("NONE", "AWS_IAM"),
    statement_id: matching(/^[\w-]{1,100}$/, "1 to 100 letters, digits, - and _"),
  }),
  ...limitsOf("aws_lambda_provisioned_concurrency_config", "Lambda API, PutProvisionedConcurrencyConfig", {
    provisioned_concurrent_executions: whole(1, 1_000_000),
  }),
  ...limitsOf("aws_lambda_event_source_mapping", "Lambda API, CreateEventSourceMapping", {
    function_response_types: oneOf("ReportBatchItemFailures"),
    maximum_batching_window_in_seconds: whole(0, 300),
    maximum_record_age_in_seconds: whole(60, 604_800, -1),
    maximum_retry_attempts: whole(0, 10_000, -1),
    parallelization_factor: whole(1, 10),
    "scaling_config.maximum_concurrency": whole(2, 1_000),
    starting_position: oneOf("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"),
    tumbling_window_in_seconds: whole(0, 900),
  }),
];
