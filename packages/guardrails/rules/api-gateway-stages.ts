import { restApi, siblings } from "../rest-api";
import { each, type Rule } from "../rule";
import { asRecord, type Resource } from "../stack-view";

function settingsOf(stage: Resource): readonly Resource[] {
  const settings = siblings(stage, "aws_api_gateway_method_settings");
  return settings.filter(
    (one) => one.value("stage_name") === stage.value("stage_name") || stage.isUnknown("stage_name"),
  );
}

/** The first value of a setting in the stage's method settings for all methods. */
function stageSetting(stage: Resource, name: string): unknown {
  const general = settingsOf(stage).filter((settings) => settings.mayBe("method_path", "*/*"));
  return general.map((settings) => settings.value(`settings.${name}`)).find((value) => value !== undefined);
}

const isUnknown = (value: unknown): boolean => typeof value === "string" && value.includes("${");

/** Variables that an access log can contain: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const logVariables =
  /^(accountId|apiId|awsEndpointRequestId2?|customDomain\.basePathMatched|deploymentId|domainName|domainPrefix|extendedRequestId|httpMethod|isCanaryRequest|path|protocol|requestId|requestOverride\.(header|path|querystring)\.[\w-]+|requestTime|requestTimeEpoch|resourceId|resourcePath|responseLatency|responseLength|responseOverride\.(status|header\.[\w-]+)|stage|status|tlsVersion|cipherSuite|wafResponseCode|webaclArn|xrayTraceId|error\.(message|messageString|responseType|validationErrorString)|identity\.(accountId|apiKey|apiKeyId|caller|clientCert\.[\w.]+|cognito\w+|principalOrgId|sourceIp|sourceVpc|sourceVpce|user|userAgent|userArn|vpceId)|authorizer\.[\w-]+(\.[\w-]+)*|(authenticate|authorize|authorizer|integration|waf)\.(error|errorMessage|integrationLatency|integrationStatus|latency|requestId|status)|integration(ErrorMessage|Latency|Status)|(authenticate|authorize|waf)\.\w+|customDomain\.\w+)$/;

export const apiGatewayStageRules: readonly Rule[] = [
  {
    id: "api-gateway-access-log-format",
    group: "api-gateway",
    demands: "The access log format is one line of valid JSON with requestId and extendedRequestId",
    why: "Invalid JSON cannot be queried, and a line break splits one request into two entries. Callers can set requestId, so AWS Support needs extendedRequestId to find a request.",
    fix: 'Build format with JSON.stringify, with every $context variable in quotes. Include requestId: "$context.requestId" and extendedRequestId: "$context.extendedRequestId".',
    mirrors: ["cfn-lint-serverless WS2001"],
    check: each("aws_api_gateway_stage", (stage) => {
      if (!stage.has("access_log_settings")) return undefined;
      const format = stage.value("access_log_settings.format");
      if (stage.isUnknown("access_log_settings.format")) return undefined;
      if (typeof format !== "string") return "format is absent";
      if (/[\r\n]/.test(format)) return "format has a line break";
      const fields = jsonObject(format);
      if (!fields) return `format is not a JSON object: ${format.slice(0, 80)}`;
      const variables = Object.values(fields).map(String);
      const missing = ["$context.requestId", "$context.extendedRequestId"].filter(
        (one) => !variables.includes(one),
      );
      return missing.length > 0 && `format lacks ${missing.join(" and ")}`;
    }),
  },
  {
    id: "api-gateway-access-log-variables",
    group: "api-gateway",
    demands: "The access log format uses only variables that API Gateway defines",
    why: "API Gateway logs an unknown variable as -, and nobody notices until the value is needed.",
    fix: "Correct the name. $context variables are case-sensitive.",
    mirrors: [],
    check: each("aws_api_gateway_stage", (stage) => {
      const names = `${stage.value("access_log_settings.format") ?? ""}`.matchAll(/\$context\.([\w.-]+)/g);
      const unknown = [...names].flatMap(([, name = ""]) =>
        logVariables.test(name) ? [] : [`$context.${name}`],
      );
      return unknown.length > 0 && `format contains ${unknown.join(", ")}`;
    }),
  },
  {
    id: "api-gateway-access-log",
    group: "api-gateway",
    demands: "A stage has an access log",
    why: "Otherwise requests that API Gateway answers itself leave no trace.",
    fix: "Set accessLogSettings on the stage, with the ARN of a log group and a format.",
    mirrors: ["CKV_AWS_76", "AwsSolutions-APIG1", "cfn-lint-serverless ES2000"],
    check: each(
      "aws_api_gateway_stage",
      (stage) => !stage.has("access_log_settings.destination_arn") && "access_log_settings is absent",
    ),
  },
  {
    id: "api-gateway-access-log-destination",
    group: "api-gateway",
    demands: "The access log goes to a log group, or to a Firehose stream named amazon-apigateway-…",
    why: "API Gateway supports no other destination, and AWS rejects the stage at apply.",
    fix: "Use the ARN of a CloudWatch log group. A subscription can copy its lines to a bucket.",
    mirrors: [],
    check: each("aws_api_gateway_stage", (stage) => {
      const destination = "access_log_settings.destination_arn";
      const bucket = stage.follow(destination, "aws_s3_bucket");
      if (bucket) return `destination_arn is the bucket ${bucket.path}`;
      const stream = stage.follow(destination, "aws_kinesis_firehose_delivery_stream");
      const name = stream?.text("name");
      return name && !name.startsWith("amazon-apigateway-") && `destination_arn is the stream ${name}`;
    }),
  },
  {
    id: "api-gateway-execution-log",
    group: "api-gateway",
    demands: "A stage has an execution log, at least for errors",
    why: "Only that log explains a 500 that API Gateway returned before or after the function ran.",
    fix: 'Add ApiGatewayMethodSettings with methodPath "*/*" and settings.loggingLevel "ERROR".',
    mirrors: ["CKV2_AWS_4", "APIGateway.1", "AwsSolutions-APIG6"],
    check: each("aws_api_gateway_stage", (stage) => {
      const level = stageSetting(stage, "logging_level");
      return (
        !["ERROR", "INFO"].includes(`${level}`) &&
        !isUnknown(level) &&
        `logging_level for */* is ${level ?? "absent"}`
      );
    }),
  },
  {
    id: "api-gateway-execution-log-group",
    group: "api-gateway",
    demands: "The stack creates the execution log's group",
    why: "Otherwise API Gateway creates the group without a retention: its lines are kept forever, and the group outlives the stack.",
    fix: "Add a CloudwatchLogGroup named API-Gateway-Execution-Logs_<API id>/<stage>, and add it to the stage's dependsOn.",
    mirrors: [],
    check: each("aws_api_gateway_stage", (stage) => {
      const own = stage.follow("rest_api_id", restApi);
      const level = stageSetting(stage, "logging_level");
      if (!own || level === undefined || level === "OFF") return undefined;
      const groups = stage.stack.all("aws_cloudwatch_log_group");
      const made = groups.some((group) => {
        const name = `${group.value("name")}`;
        // Only Terraform knows the whole name.
        if (/^\$\{[^}]*\}$/.test(name) && !group.follow("name", restApi)) return true;
        const ofApi = name.startsWith("API-Gateway-Execution-Logs_") && group.follow("name", restApi) === own;
        return ofApi && (name.endsWith(`/${stage.value("stage_name")}`) || stage.isUnknown("stage_name"));
      });
      return !made && "the stack has no log group API-Gateway-Execution-Logs_<id>/<stage>";
    }),
  },
  {
    id: "api-gateway-no-data-trace",
    group: "api-gateway",
    demands: "Requests and responses are not logged in full",
    why: "Otherwise the log contains every body, including personal data and tokens.",
    fix: "Set settings.dataTraceEnabled: false.",
    mirrors: ["CKV_AWS_276"],
    check: each(
      "aws_api_gateway_method_settings",
      (settings) => settings.isTrue("settings.data_trace_enabled") && "data_trace_enabled is true",
    ),
  },
  {
    id: "api-gateway-metrics",
    group: "api-gateway",
    demands: "A stage publishes metrics per method",
    why: "Otherwise you cannot tell which method is slow or failing.",
    fix: "Set settings.metricsEnabled: true for method path */*.",
    mirrors: [],
    check: each(
      "aws_api_gateway_stage",
      (stage) =>
        !isUnknown(stageSetting(stage, "metrics_enabled")) &&
        `${stageSetting(stage, "metrics_enabled")}` !== "true" &&
        "metrics_enabled for */* is not true",
    ),
  },
  {
    id: "api-gateway-throttling",
    group: "api-gateway",
    demands: "A stage throttles its requests",
    why: "Without its own limit, one API can use all of the account's 10,000 requests per second, and its cost is unbounded.",
    fix: "Set settings.throttlingRateLimit and settings.throttlingBurstLimit for method path */*.",
    mirrors: ["cfn-lint-serverless ES2003"],
    check: each("aws_api_gateway_stage", (stage) => {
      const missing = ["throttling_rate_limit", "throttling_burst_limit"].filter((name) => {
        const value = stageSetting(stage, name);
        return value === undefined || (typeof value === "number" && value < 0);
      });
      return missing.length > 0 && `${missing.join(" and ")} for */* not set`;
    }),
  },
  {
    id: "api-gateway-tracing",
    group: "api-gateway",
    demands: "A stage has X-Ray tracing on",
    why: "A trace that starts in the function does not show the time spent in API Gateway.",
    fix: "Set xrayTracingEnabled: true.",
    mirrors: ["CKV_AWS_73", "APIGateway.3", "cfn-lint-serverless WS2002"],
    check: each(
      "aws_api_gateway_stage",
      (stage) => !stage.mayBeTrue("xray_tracing_enabled") && "xray_tracing_enabled is not true",
    ),
  },
  {
    id: "api-gateway-cache-encrypted",
    group: "api-gateway",
    demands: "A stage's cache is encrypted",
    why: "Otherwise responses are cached in clear text.",
    fix: "Set settings.cacheDataEncrypted: true.",
    mirrors: ["CKV_AWS_308", "APIGateway.5"],
    check: each(
      "aws_api_gateway_method_settings",
      (settings) =>
        settings.isTrue("settings.caching_enabled") &&
        !settings.mayBeTrue("settings.cache_data_encrypted") &&
        "cache_data_encrypted is not true",
    ),
  },
  {
    id: "api-gateway-web-acl",
    group: "api-gateway",
    demands: "A web ACL has rules, and each rule has an action",
    why: "An empty web ACL costs nine dollars per month and blocks nobody. AWS rejects a rule without an action at apply.",
    fix: "Add rules, each with action, or with overrideAction if it is a rule group.",
    mirrors: ["CKV_AWS_175", "CKV_AWS_342", "WAF.10"],
    check: each("aws_wafv2_web_acl", (acl) => {
      const rules = acl.blocks("rule");
      if (acl.has("rule_json") || (rules.length === 0 && acl.isUnknown("rule"))) return undefined;
      const idle = rules.filter(({ action, override_action }) => !action && !override_action);
      return rules.length === 0
        ? "it has no rules"
        : idle.map(({ name }) => `rule ${name} has neither action nor override_action`);
    }),
  },
  {
    id: "api-gateway-stage-variables",
    group: "api-gateway",
    demands:
      "Stage variable names contain only letters, digits and _, and values contain no spaces or quotes",
    why: "AWS rejects the stage at apply.",
    fix: "Rename the variable, or store the value elsewhere.",
    mirrors: [],
    check: each("aws_api_gateway_stage", (stage) =>
      Object.entries(asRecord(stage.value("variables")) ?? {}).flatMap(([name, value]) => {
        const known = `${value}`.replace(/\$\{[^}]*\}/g, "x");
        return /^\w+$/.test(name) && /^[A-Za-z0-9\-._~:/?#&=,]+$/.test(known)
          ? []
          : [`variable ${name} is ${value}`];
      }),
    ),
  },
  {
    id: "api-gateway-http-access-log",
    group: "api-gateway",
    demands: "A stage of an HTTP API has an access log",
    why: "An HTTP API has no other log.",
    fix: "Set accessLogSettings on the stage.",
    mirrors: ["CKV_AWS_76", "APIGateway.9"],
    check: each(
      "aws_apigatewayv2_stage",
      (stage) => !stage.has("access_log_settings") && "access_log_settings is absent",
    ),
  },
];

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}
