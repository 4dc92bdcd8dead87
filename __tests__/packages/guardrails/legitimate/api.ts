import { type Attributes, add, both, type Edit } from "../edit";
import type { Legitimate } from "./legitimate";
import { fn, policy, trust } from "./parts";

const api = "${aws_api_gateway_rest_api.shop.id}";

/** A REST API with a stage, without methods. */
export const restApi = (
  changes: Attributes = {},
  deployment: Attributes = {},
  stage: Attributes = {},
): Edit =>
  both(
    add("aws_api_gateway_rest_api", "shop", {
      name: "shop",
      endpoint_configuration: { types: ["REGIONAL"] },
      lifecycle: { create_before_destroy: true },
      ...changes,
    }),
    add("aws_api_gateway_deployment", "shop", {
      rest_api_id: api,
      triggers: { methods: "${sha1(jsonencode([var.version]))}" },
      lifecycle: { create_before_destroy: true },
      ...deployment,
    }),
    add("aws_cloudwatch_log_group", "access", {
      name: "/aws/vendedlogs/apigateway/shop",
      retention_in_days: 30,
    }),
    add("aws_cloudwatch_log_group", "execution", {
      name: `API-Gateway-Execution-Logs_${api}/live`,
      retention_in_days: 30,
    }),
    add("aws_api_gateway_stage", "live", {
      rest_api_id: api,
      deployment_id: "${aws_api_gateway_deployment.shop.id}",
      stage_name: "live",
      xray_tracing_enabled: true,
      access_log_settings: {
        destination_arn: "${aws_cloudwatch_log_group.access.arn}",
        format: JSON.stringify({
          requestId: "$context.requestId",
          extendedRequestId: "$context.extendedRequestId",
        }),
      },
      ...stage,
    }),
    add("aws_api_gateway_method_settings", "live", {
      rest_api_id: api,
      stage_name: "${aws_api_gateway_stage.live.stage_name}",
      method_path: "*/*",
      settings: {
        metrics_enabled: true,
        logging_level: "ERROR",
        throttling_rate_limit: 100,
        throttling_burst_limit: 50,
      },
    }),
  );

/** A method of the resource `orders` and its integration, which the deployment waits for. */
export const method = (verb: string, changes: Attributes, integration: Attributes): Edit => {
  const id = verb.toLowerCase();
  return both(
    add("aws_api_gateway_resource", "orders", {
      rest_api_id: api,
      parent_id: "${aws_api_gateway_rest_api.shop.root_resource_id}",
      path_part: "orders",
    }),
    add("aws_api_gateway_method", id, {
      rest_api_id: api,
      resource_id: "${aws_api_gateway_resource.orders.id}",
      http_method: verb,
      authorization: "AWS_IAM",
      request_validator_id: "${var.validator_id}",
      ...changes,
    }),
    add("aws_api_gateway_integration", id, {
      rest_api_id: api,
      resource_id: "${aws_api_gateway_resource.orders.id}",
      http_method: `\${aws_api_gateway_method.${id}.http_method}`,
      ...integration,
    }),
    (stack) => {
      const deployments = stack.resource?.aws_api_gateway_deployment as unknown as Record<string, Attributes>;
      const shop = deployments.shop as Attributes & { depends_on?: string[] };
      shop.depends_on = [
        ...(shop.depends_on ?? []),
        `aws_api_gateway_method.${id}`,
        `aws_api_gateway_integration.${id}`,
      ];
    },
  );
};

export const mock = { type: "MOCK", request_templates: { "application/json": '{"statusCode": 204}' } };
const preflight = (changes: Attributes = {}): Edit =>
  method("OPTIONS", { authorization: "NONE", request_validator_id: undefined }, { ...mock, ...changes });

/** APIs with preflights, other authorizers, other integrations, and definitions in OpenAPI. */
export const apiVariants: readonly Legitimate[] = [
  { variant: "a mocked preflight for everyone", parts: both(restApi(), preflight()) },
  {
    variant: "binary images beside a mocked preflight",
    parts: both(restApi({ binary_media_types: ["image/png"] }), preflight()),
  },
  {
    variant: "every type binary, with a preflight that converts to text",
    parts: both(restApi({ binary_media_types: ["*/*"] }), preflight({ content_handling: "CONVERT_TO_TEXT" })),
  },
  {
    variant: "a public method that is suppressed with a reason",
    parts: both(restApi(), method("GET", { authorization: "NONE" }, mock)),
    options: {
      suppressions: [
        {
          rule: "api-gateway-method-authorized",
          resource: "aws_api_gateway_method.get",
          reason: "Documentation",
        },
      ],
    },
  },
  {
    variant: "a custom authorizer of another stack",
    parts: both(
      restApi(),
      method("GET", { authorization: "CUSTOM", authorizer_id: "${var.authorizer_id}" }, mock),
    ),
  },
  {
    variant: "Cognito with scopes",
    parts: both(
      restApi(),
      add("aws_api_gateway_authorizer", "pool", {
        rest_api_id: api,
        name: "pool",
        type: "COGNITO_USER_POOLS",
        provider_arns: ["${var.pool_arn}"],
      }),
      method(
        "GET",
        {
          authorization: "COGNITO_USER_POOLS",
          authorizer_id: "${aws_api_gateway_authorizer.pool.id}",
          authorization_scopes: ["orders/read"],
        },
        mock,
      ),
    ),
  },
  {
    variant: "an API key with a plan and a key",
    parts: both(
      restApi(),
      method("GET", { api_key_required: true }, mock),
      add("aws_api_gateway_api_key", "partner", { name: "partner" }),
      add("aws_api_gateway_usage_plan", "partner", {
        name: "partner",
        api_stages: [{ api_id: api, stage: "${aws_api_gateway_stage.live.stage_name}" }],
        quota_settings: { limit: 1_000, offset: 2, period: "WEEK" },
      }),
      add("aws_api_gateway_usage_plan_key", "partner", {
        key_id: "${aws_api_gateway_api_key.partner.id}",
        key_type: "API_KEY",
        usage_plan_id: "${aws_api_gateway_usage_plan.partner.id}",
      }),
    ),
  },
  {
    variant: "an API key whose plan another stack attaches by variable",
    parts: both(
      restApi(),
      method("GET", { api_key_required: true }, mock),
      add("aws_api_gateway_usage_plan", "partner", { name: "partner", api_stages: "${var.stages}" }),
      add("aws_api_gateway_usage_plan_key", "partner", {
        key_id: "${var.key_id}",
        key_type: "API_KEY",
        usage_plan_id: "${aws_api_gateway_usage_plan.partner.id}",
      }),
    ),
  },
  {
    variant: "an HTTP API with a JWT",
    parts: add("aws_apigatewayv2_route", "jwt", {
      api_id: "${var.api_id}",
      route_key: "GET /orders",
      authorization_type: "JWT",
      authorizer_id: "${var.authorizer_id}",
    }),
  },
  {
    variant: "a WebSocket API that authorizes when it connects",
    parts: both(
      add("aws_apigatewayv2_api", "chat", {
        name: "chat",
        protocol_type: "WEBSOCKET",
        route_selection_expression: "$request.body.action",
      }),
      add("aws_apigatewayv2_route", "connect", {
        api_id: "${aws_apigatewayv2_api.chat.id}",
        route_key: "$connect",
        authorization_type: "AWS_IAM",
      }),
      ...["$default", "$disconnect", "send"].map((route_key, index) =>
        add("aws_apigatewayv2_route", `route-${index}`, {
          api_id: "${aws_apigatewayv2_api.chat.id}",
          route_key,
          authorization_type: "NONE",
        }),
      ),
    ),
  },
  {
    variant: "an API that its OpenAPI document defines",
    parts: restApi(
      { body: '${file("openapi.json")}', put_rest_api_mode: "merge" },
      { triggers: { body: "${sha1(aws_api_gateway_rest_api.shop.body)}" } },
    ),
  },
  {
    variant: "a proxy to a load balancer through a VPC link",
    parts: both(
      restApi(),
      method(
        "GET",
        {},
        {
          type: "HTTP_PROXY",
          uri: "https://orders.internal/orders",
          integration_http_method: "GET",
          connection_type: "VPC_LINK",
          connection_id: "${var.vpc_link_id}",
        },
      ),
    ),
  },
  {
    variant: "an integration with DynamoDB and a role",
    parts: both(
      restApi(),
      add("aws_iam_role", "direct", {
        name: "direct",
        assume_role_policy: trust("apigateway.amazonaws.com"),
      }),
      add("aws_iam_role_policy", "direct", {
        name: "direct",
        role: "${aws_iam_role.direct.id}",
        policy: policy({
          Effect: "Allow",
          Action: "dynamodb:GetItem",
          Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
        }),
      }),
      method(
        "GET",
        {},
        {
          type: "AWS",
          uri: "arn:aws:apigateway:eu-west-1:dynamodb:action/GetItem",
          integration_http_method: "POST",
          credentials: "${aws_iam_role.direct.arn}",
        },
      ),
    ),
  },
  {
    variant: "an integration that reads S3 with GET",
    parts: both(
      restApi(),
      method(
        "GET",
        {},
        {
          type: "AWS",
          uri: "arn:aws:apigateway:eu-west-1:s3:path/reports/index.html",
          integration_http_method: "GET",
          credentials: "${var.role_arn}",
        },
      ),
    ),
  },
  {
    variant: "an integration that may take as long as its quota allows",
    parts: both(
      restApi(),
      method(
        "GET",
        {},
        {
          type: "HTTP_PROXY",
          uri: "https://slow.example.com/",
          integration_http_method: "GET",
          timeout_milliseconds: 120_000,
        },
      ),
    ),
  },
  {
    variant: "an edge domain with a certificate of us-east-1",
    parts: both(
      (stack) => {
        const [own] = (stack.provider as { aws: object[] }).aws;
        Object.assign(stack, {
          provider: { aws: [own, { ...own, alias: "virginia", region: "us-east-1" }] },
        });
      },
      add("aws_acm_certificate", "edge", {
        provider: "aws.virginia",
        domain_name: "api.example.com",
        validation_method: "DNS",
      }),
      add("aws_api_gateway_domain_name", "edge", {
        domain_name: "api.example.com",
        certificate_arn: "${aws_acm_certificate.edge.arn}",
        security_policy: "TLS_1_2",
      }),
    ),
  },
  {
    variant: "an edge domain with a validated certificate's literal ARN",
    parts: add("aws_api_gateway_domain_name", "edge", {
      domain_name: "api.example.com",
      certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/example",
      endpoint_configuration: { types: ["EDGE"] },
      security_policy: "TLS_1_2",
    }),
  },
  {
    variant: "a regional domain with a certificate of its Region",
    parts: both(
      add("aws_acm_certificate", "own", { domain_name: "api.example.com", validation_method: "DNS" }),
      add("aws_acm_certificate_validation", "own", { certificate_arn: "${aws_acm_certificate.own.arn}" }),
      add("aws_api_gateway_domain_name", "own", {
        domain_name: "api.example.com",
        regional_certificate_arn: "${aws_acm_certificate_validation.own.certificate_arn}",
        endpoint_configuration: { types: ["REGIONAL"] },
        security_policy: "SecurityPolicy_TLS13_1_3_2025_09",
      }),
    ),
  },
  {
    variant: "a base path that maps to this stack's stage",
    parts: both(
      restApi(),
      add("aws_api_gateway_base_path_mapping", "own", {
        api_id: api,
        stage_name: "${aws_api_gateway_stage.live.stage_name}",
        domain_name: "api.example.com",
      }),
      add("aws_api_gateway_base_path_mapping", "theirs", {
        api_id: "${var.api_id}",
        stage_name: "v1",
        domain_name: "api.example.com",
        base_path: "other",
      }),
    ),
  },
  {
    variant: "a private API with a policy for one endpoint",
    parts: restApi({
      endpoint_configuration: { types: ["PRIVATE"], vpc_endpoint_ids: ["vpce-1"] },
      policy: policy({
        Effect: "Allow",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: "execute-api:/*",
        Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } },
      }),
    }),
  },
  {
    variant: "responses compressed from one kilobyte on",
    parts: restApi({ minimum_compression_size: "1024" }),
  },
  {
    variant: "a cached stage with encrypted data",
    parts: both(
      restApi({}, {}, { cache_cluster_enabled: true, cache_cluster_size: "0.5" }),
      add("aws_api_gateway_method_settings", "orders", {
        rest_api_id: api,
        stage_name: "${aws_api_gateway_stage.live.stage_name}",
        method_path: "orders/GET",
        settings: { caching_enabled: true, cache_data_encrypted: true, cache_ttl_in_seconds: 3_600 },
      }),
    ),
  },
  {
    variant: "a web ACL for CloudFront through a provider of us-east-1",
    parts: both(
      (stack) => {
        const [own] = (stack.provider as { aws: object[] }).aws;
        Object.assign(stack, {
          provider: { aws: [own, { ...own, alias: "virginia", region: "us-east-1" }] },
        });
      },
      add("aws_wafv2_web_acl", "edge", {
        provider: "aws.virginia",
        name: "edge",
        scope: "CLOUDFRONT",
        default_action: { allow: {} },
        rule: [{ name: "rate", priority: 1, action: { block: {} } }],
      }),
    ),
  },
  {
    variant: "a function's variable with its API's address as a pattern, without a reference",
    parts: both(
      fn("pattern", { environment: { variables: { STAGE: "live", API_NAME: "shop" } } }),
      restApi(),
    ),
  },
];
