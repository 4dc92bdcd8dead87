import { deniedRequests } from "../invoke-permission";
import { each, type Rule } from "../rule";
import { asRecord, type Resource } from "../stack-view";
import { aliasesOf } from "./lambda";

const api = "aws_api_gateway_rest_api";

/** All resources of a type that belong to the same API as a block. */
function siblings(block: Resource, type: string): readonly Resource[] {
  const own = block.type === api ? block : block.follow("rest_api_id", api);
  return own ? block.stack.pointingAt(own, type, "rest_api_id") : [];
}

/** The resource's address and the HTTP method, which link a method to its integration. */
function place(block: Resource): string {
  const resource = block.follow("resource_id", "aws_api_gateway_resource");
  return `${resource?.address ?? block.value("resource_id")} ${block.value("http_method")}`;
}

function settingsOf(stage: Resource): readonly Resource[] {
  const settings = siblings(stage, "aws_api_gateway_method_settings");
  return settings.filter((one) => one.value("stage_name") === stage.value("stage_name"));
}

/** The first value of a setting in the stage's method settings for all methods. */
function stageSetting(stage: Resource, name: string): unknown {
  const general = settingsOf(stage).filter((settings) => settings.value("method_path") === "*/*");
  return general.map((settings) => settings.value(`settings.${name}`)).find((value) => value !== undefined);
}

function lambdaOf(integration: Resource): Resource | undefined {
  return integration.follow("uri", "aws_lambda_function");
}

/** Variables that an access log can contain: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const logVariables =
  /^(accountId|apiId|awsEndpointRequestId2?|customDomain\.basePathMatched|deploymentId|domainName|domainPrefix|extendedRequestId|httpMethod|isCanaryRequest|path|protocol|requestId|requestOverride\.(header|path|querystring)\.[\w-]+|requestTime|requestTimeEpoch|resourceId|resourcePath|responseLatency|responseLength|responseOverride\.(status|header\.[\w-]+)|stage|status|tlsVersion|cipherSuite|wafResponseCode|webaclArn|xrayTraceId|error\.(message|messageString|responseType|validationErrorString)|identity\.(accountId|apiKey|apiKeyId|caller|clientCert\.[\w.]+|cognito\w+|principalOrgId|sourceIp|sourceVpc|sourceVpce|user|userAgent|userArn|vpceId)|authorizer\.[\w-]+(\.[\w-]+)*|(authenticate|authorize|authorizer|integration|waf)\.(error|errorMessage|integrationLatency|integrationStatus|latency|requestId|status)|integration(ErrorMessage|Latency|Status)|(authenticate|authorize|waf)\.\w+|customDomain\.\w+)$/;

/**
 * Gateway response types that AWS returns with several statuses, or may. The defaults have no status of their own:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html. A configuration
 * error is 500 or 502, an expired token 401 (Cognito) or 403 (IAM), and a rule of WAF names its status.
 */
const severalStatuses = new Set([
  "API_CONFIGURATION_ERROR",
  "DEFAULT_4XX",
  "DEFAULT_5XX",
  "EXPIRED_TOKEN",
  "WAF_FILTERED",
]);

export const apiGatewayRules: readonly Rule[] = [
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
      return !["ERROR", "INFO"].includes(`${level}`) && `logging_level for */* is ${level ?? "absent"}`;
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
      const own = stage.follow("rest_api_id", api);
      const level = stageSetting(stage, "logging_level");
      if (!own || level === undefined || level === "OFF") return undefined;
      const groups = stage.stack.all("aws_cloudwatch_log_group");
      const made = groups.some((group) => {
        const name = `${group.value("name")}`;
        const ofApi = name.startsWith("API-Gateway-Execution-Logs_") && group.follow("name", api) === own;
        return ofApi && name.endsWith(`/${stage.value("stage_name")}`);
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
        `${stageSetting(stage, "metrics_enabled")}` !== "true" && "metrics_enabled for */* is not true",
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
      (stage) => !stage.isTrue("xray_tracing_enabled") && "xray_tracing_enabled is not true",
    ),
  },
  {
    id: "api-gateway-account-apart",
    group: "api-gateway",
    demands: "aws_api_gateway_account exists only in the account-wide stack",
    why: "There is only one per account and Region. Two stacks overwrite each other's role, and destroying one stops logging for both.",
    fix: "Move it to the stack that exists once per account, and pass accountWide: true to Guardrails.apply there.",
    mirrors: [],
    check: each(
      "aws_api_gateway_account",
      (_, { settings }) => !settings.accountWide && "this stack has one, but accountWide is not true",
    ),
  },
  {
    id: "api-gateway-method-authorized",
    group: "api-gateway",
    demands: "Every method except OPTIONS authenticates its caller",
    why: "Otherwise anyone on the internet can call it.",
    fix: "Set authorization to AWS_IAM, COGNITO_USER_POOLS or CUSTOM. Suppress the rule for a method that must be public.",
    mirrors: ["CKV_AWS_59", "CKV2_AWS_70", "AwsSolutions-APIG4"],
    check: each("aws_api_gateway_method", (method) => {
      const open = method.value("authorization") === "NONE" && method.value("http_method") !== "OPTIONS";
      return (
        open &&
        !method.isTrue("api_key_required") &&
        `authorization for ${method.value("http_method")} is NONE`
      );
    }),
  },
  {
    id: "api-gateway-method-authorizer",
    group: "api-gateway",
    demands: "A method with authorization COGNITO_USER_POOLS or CUSTOM names its authorizer",
    why: "AWS rejects the method at apply.",
    fix: "Set authorizerId.",
    mirrors: [],
    check: each("aws_api_gateway_method", (method) => {
      const needs = ["COGNITO_USER_POOLS", "CUSTOM"].includes(`${method.value("authorization")}`);
      return needs && !method.has("authorizer_id") && "authorizer_id is absent";
    }),
  },
  {
    id: "api-gateway-method-validated",
    group: "api-gateway",
    demands: "Every method except OPTIONS has a request validator",
    why: "Otherwise required parameters and models are only documentation, and every bad request costs an invocation.",
    fix: "Set requestValidatorId.",
    mirrors: ["CKV2_AWS_53", "AwsSolutions-APIG2"],
    check: each("aws_api_gateway_method", (method) => {
      const checked = method.value("http_method") === "OPTIONS" || method.has("request_validator_id");
      return !checked && "request_validator_id is absent";
    }),
  },
  {
    id: "api-gateway-integration-post",
    group: "api-gateway",
    demands: "A Lambda integration uses POST, whatever the method is",
    why: "Lambda's API accepts only POST. With GET every request returns 500 (“Malformed Lambda proxy response”) or 403.",
    fix: 'Set integrationHttpMethod: "POST".',
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      const type = integration.value("type");
      const callsLambda = type === "AWS_PROXY" || (type === "AWS" && lambdaOf(integration));
      const method = integration.value("integration_http_method");
      return callsLambda && method !== "POST" && `integration_http_method is ${method ?? "absent"}`;
    }),
  },
  {
    id: "api-gateway-integration-of-method",
    group: "api-gateway",
    demands: "An integration belongs to a method that exists on its resource",
    why: "AWS rejects it at apply (“Invalid Method identifier specified”), or it serves another path.",
    fix: "Reference httpMethod and resourceId of the method.",
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      if (!integration.follow("rest_api_id", api)) return undefined;
      const methods = siblings(integration, "aws_api_gateway_method").map(place);
      return !methods.includes(place(integration)) && `the API has no method ${place(integration)}`;
    }),
  },
  {
    id: "api-gateway-method-integrated",
    group: "api-gateway",
    demands: "Every method has an integration",
    why: "AWS rejects the deployment at apply: “No integration defined for method”.",
    fix: "Add an ApiGatewayIntegration with the resourceId and httpMethod of the method.",
    mirrors: [],
    check: each("aws_api_gateway_method", (method) => {
      if (!method.follow("rest_api_id", api)) return undefined;
      const integrations = siblings(method, "aws_api_gateway_integration").map(place);
      return !integrations.includes(place(method)) && `${method.value("http_method")} has no integration`;
    }),
  },
  {
    id: "api-gateway-integration-alias",
    group: "api-gateway",
    demands: "An integration calls the function's alias if it has one",
    why: "Otherwise requests reach $LATEST, and moving the alias has no effect.",
    fix: "Set uri to the invokeArn of the alias.",
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      const lambda = lambdaOf(integration);
      if (!lambda || aliasesOf(lambda).length === 0) return undefined;
      return !integration.follow("uri", "aws_lambda_alias") && `uri is ${lambda.path} itself, not its alias`;
    }),
  },
  {
    id: "api-gateway-integration-permission",
    group: "api-gateway",
    demands:
      "A Lambda permission allows API Gateway to invoke the function for each route's stage, method and path",
    why: "Every request to that route returns 500 and the function never runs, while the other routes work.",
    fix: "Add a LambdaPermission for apigateway.amazonaws.com with sourceArn <API's execution ARN>/<stage>/<method>/<path>, and * for each path parameter.",
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      const lambda = lambdaOf(integration);
      if (!lambda || integration.has("credentials")) return undefined;
      const denied = deniedRequests(integration, lambda);
      return denied.length > 0 && `no permission on ${lambda.path} allows ${denied.join(", ")}`;
    }),
  },
  {
    id: "api-gateway-deployment-triggers",
    group: "api-gateway",
    demands: "A deployment has triggers",
    why: "A deployment is a snapshot. Without a trigger it is never replaced, and changed methods are not served.",
    fix: "Set triggers to a hash of everything that the deployment snapshots.",
    mirrors: [],
    check: each("aws_api_gateway_deployment", (deployment) => {
      const triggers = Object.keys(asRecord(deployment.raw("triggers")) ?? {});
      return triggers.length === 0 && "triggers is absent";
    }),
  },
  {
    id: "api-gateway-deployment-waits",
    group: "api-gateway",
    demands: "A deployment depends on every method and integration of its API",
    why: "Otherwise it can be created before them: the snapshot lacks them, or AWS rejects it.",
    fix: "Add the methods and integrations to dependsOn.",
    mirrors: [],
    check: each("aws_api_gateway_deployment", (deployment) => {
      const waitedFor = new Set([
        ...deployment.texts("depends_on"),
        ...deployment.stack.referencedBy(deployment.raw("triggers")).map(({ address }) => address),
      ]);
      const parts = ["aws_api_gateway_method", "aws_api_gateway_integration"].flatMap((type) =>
        siblings(deployment, type),
      );
      const missing = parts.filter(({ address }) => !waitedFor.has(address));
      return missing.length > 0 && `it does not depend on ${missing.map(({ path }) => path).join(", ")}`;
    }),
  },
  {
    id: "api-gateway-deployment-replaced-safely",
    group: "api-gateway",
    demands: "A new deployment is created before the old one is destroyed",
    why: "AWS refuses to delete a deployment that a stage uses: “Active stages pointing to this deployment must be moved or deleted”.",
    fix: "Set lifecycle: { createBeforeDestroy: true }.",
    mirrors: ["CKV_AWS_217"],
    check: each(
      "aws_api_gateway_deployment",
      (deployment) =>
        !deployment.isTrue("lifecycle.create_before_destroy") &&
        "lifecycle.create_before_destroy is not true",
    ),
  },
  {
    id: "api-gateway-replaced-safely",
    group: "api-gateway",
    demands: "A new API is created before the old one is destroyed",
    why: "Otherwise a replacement leaves you without an API until the new one exists.",
    fix: "Set lifecycle: { createBeforeDestroy: true }.",
    mirrors: ["CKV_AWS_237"],
    check: each(
      api,
      (own) =>
        !own.isTrue("lifecycle.create_before_destroy") && "lifecycle.create_before_destroy is not true",
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
        !settings.isTrue("settings.cache_data_encrypted") &&
        "cache_data_encrypted is not true",
    ),
  },
  {
    id: "api-gateway-domain-tls",
    group: "api-gateway",
    demands: "A custom domain requires TLS 1.2 or newer",
    why: "TLS 1.0 can be broken, and some auditors fail a whole system because of it.",
    fix: 'Set securityPolicy: "TLS_1_2".',
    mirrors: ["CKV_AWS_206"],
    check: each("aws_api_gateway_domain_name", (domain) => {
      const policy = domain.value("security_policy");
      return (policy === undefined || policy === "TLS_1_0") && `security_policy is ${policy ?? "absent"}`;
    }),
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
    id: "api-gateway-response-status",
    group: "api-gateway",
    demands:
      "A gateway response type that stands for several statuses is customized without a status, and INTEGRATION_FAILURE is not customized at all",
    why: "Otherwise callers get one status for all: 400 for a malformed signature, or 504 for a function that crashed or was throttled, and retry what they should not.",
    fix: "Leave out statusCode and the status in the body, and use DEFAULT_5XX instead of INTEGRATION_FAILURE.",
    mirrors: [],
    check: each("aws_api_gateway_gateway_response", (response) => {
      const type = `${response.value("response_type")}`;
      if (type === "INTEGRATION_FAILURE") return "response_type is INTEGRATION_FAILURE";
      if (!severalStatuses.has(type)) return undefined;
      const templates = Object.values(asRecord(response.value("response_templates")) ?? {});
      return [
        ...(response.has("status_code")
          ? [`status_code for ${type} is ${response.value("status_code")}`]
          : []),
        ...templates.flatMap((template) => {
          const [stated] = /"status(?:Code)?"\s*:\s*"?\d+/i.exec(`${template}`) ?? [];
          return stated ? [`the body of ${type} has ${stated}`] : [];
        }),
      ];
    }),
  },
  {
    id: "api-gateway-path-part",
    group: "api-gateway",
    demands: "A resource is one path segment: letters, digits and -._:, or a parameter in braces",
    why: "AWS rejects the resource at apply.",
    fix: "Create one resource per segment: /items/{id} is two, items and {id}.",
    mirrors: [],
    check: each("aws_api_gateway_resource", (resource) => {
      const part = resource.text("path_part");
      return (
        part !== undefined &&
        !/^([\w.:-]+|\{[\w.:-]+\+?\})$/.test(part) &&
        `path_part is ${JSON.stringify(part)}`
      );
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
    id: "api-gateway-model",
    group: "api-gateway",
    demands: "A model's name contains only letters and digits, and its schema is valid JSON",
    why: "AWS rejects the model at apply.",
    fix: "Write schema with JSON.stringify, and use a name such as PostItemsBody.",
    mirrors: [],
    check: each("aws_api_gateway_model", (model) => {
      const name = model.text("name");
      if (name !== undefined && !/^[A-Za-z0-9]+$/.test(name)) return `name is ${name}`;
      const schema = model.text("schema");
      return schema !== undefined && !jsonObject(schema) && `schema is ${schema.slice(0, 80)}`;
    }),
  },
  {
    id: "api-gateway-http-authorized",
    group: "api-gateway",
    demands: "Every route of an HTTP API authenticates its caller",
    why: "Otherwise anyone on the internet can call it.",
    fix: "Set authorizationType to AWS_IAM, JWT or CUSTOM.",
    mirrors: ["CKV_AWS_309", "APIGateway.8"],
    check: each("aws_apigatewayv2_route", (route) => {
      const type = route.value("authorization_type");
      return (
        (type === undefined || type === "NONE") &&
        `authorization_type for ${route.value("route_key")} is ${type ?? "absent"}`
      );
    }),
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
