import { limitsOf, matching, oneOf, upTo, whole } from "./accepts";

const httpMethods = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;

export const apiGatewayLimits = [
  ...limitsOf("aws_api_gateway_rest_api", "API Gateway API, CreateRestApi", {
    api_key_source: oneOf("HEADER", "AUTHORIZER"),
    minimum_compression_size: whole(0, 10_485_760, -1),
    put_rest_api_mode: oneOf("merge", "overwrite"),
  }),
  ...limitsOf("aws_api_gateway_method", "API Gateway API, PutMethod", {
    authorization: oneOf("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"),
    http_method: oneOf(...httpMethods),
  }),
  ...limitsOf("aws_api_gateway_integration", "API Gateway API, PutIntegration; its guide, Quotas", {
    connection_type: oneOf("INTERNET", "VPC_LINK"),
    content_handling: oneOf("CONVERT_TO_BINARY", "CONVERT_TO_TEXT"),
    integration_http_method: oneOf(...httpMethods),
    passthrough_behavior: oneOf("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"),
    // 29 seconds by default. For a regional or private API the quota can be raised up to five minutes.
    timeout_milliseconds: whole(50, 300_000),
    type: oneOf("AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"),
  }),
  ...limitsOf("aws_api_gateway_stage", "API Gateway API, CreateStage", {
    cache_cluster_size: oneOf("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"),
    description: upTo(1_024),
    stage_name: matching(/^[\w-]{1,128}$/, "1 to 128 letters, digits, - and _"),
  }),
  ...limitsOf("aws_api_gateway_method_settings", "API Gateway API, MethodSetting", {
    "settings.cache_ttl_in_seconds": whole(0, 3_600),
    "settings.logging_level": oneOf("OFF", "ERROR", "INFO"),
    "settings.unauthorized_cache_control_header_strategy": oneOf(
      "FAIL_WITH_403",
      "SUCCEED_WITH_RESPONSE_HEADER",
      "SUCCEED_WITHOUT_RESPONSE_HEADER",
    ),
  }),
  ...limitsOf("aws_api_gateway_authorizer", "API Gateway API, CreateAuthorizer", {
    authorizer_result_ttl_in_seconds: whole(0, 3_600),
    type: oneOf("TOKEN", "REQUEST", "COGNITO_USER_POOLS"),
  }),
  ...limitsOf("aws_api_gateway_usage_plan", "API Gateway API, CreateUsagePlan", {
    "quota_settings.limit": whole(1, 2_147_483_647),
    "quota_settings.period": oneOf("DAY", "WEEK", "MONTH"),
  }),
  ...limitsOf("aws_api_gateway_usage_plan_key", "API Gateway API, CreateUsagePlanKey", {
    key_type: oneOf("API_KEY"),
  }),
  ...limitsOf("aws_wafv2_web_acl", "AWS WAF API, CreateWebACL", {
    description: matching(/^[\w+=:#@/\-,.\s]{1,256}$/, "1 to 256 letters, digits, spaces and +=:#@/-,."),
    "rule.priority": whole(0, 2_147_483_647),
    scope: oneOf("REGIONAL", "CLOUDFRONT"),
  }),
];
