import { SignatureV4 } from "@smithy/signature-v4";
import { TerraformOutput, type TerraformStack } from "cdktf";
import type { PolicyStatement } from "../../constructs/policy-document";
import { RestApi, type RestApiProps } from "../../constructs/rest-api";
import type { Operation } from "../../lambda-src/api/operation";
import { operations } from "../../lambda-src/api/operations";
import { Sha256 } from "../../packages/laptop/gateway/signatures/sha256";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";

const settings = {
  name: "api",
  description: "Items",
  throttle: { requestsPerSecond: 100, burst: 200 },
  logRetentionDays: 14,
} as const;

/** Adds an API with two routes, one of which has a parameter. */
const addApi = (stack: TerraformStack, changes: Partial<RestApiProps> = {}) => {
  const worker = serviceFunction(stack);
  const routes = {
    "POST /items": { function: worker, requestModel: { type: "object" } },
    "GET /items/{id}": { function: worker, requestParameters: { "method.request.querystring.limit": true } },
  } as const;
  return new RestApi(stack, "api", { ...settings, routes, ...changes });
};

const restApi = (changes: Partial<RestApiProps> = {}) =>
  synthesizeStack((stack) => {
    addApi(stack, changes);
  });

/** `*`, or account ids. */
function callersOf({ Principal }: PolicyStatement): string {
  if (Principal === "*") return "*";
  const { AWS = [] } = Principal as { readonly AWS?: readonly string[] };
  return AWS.map((arn) => arn.split(":")[4]).join(",");
}

describe("RestApi", () => {
  it("is regional and named after application and environment", () => {
    const stack = restApi();

    const api = stack.only("aws_api_gateway_rest_api");

    expect(api.attributes).toEqual({
      name: "shop-api-test",
      description: "Items",
      endpoint_configuration: { types: ["REGIONAL"] },
      lifecycle: { create_before_destroy: true },
    });
  });

  it("has one resource for each part of a path", () => {
    const stack = restApi();

    const api = stack.only("aws_api_gateway_rest_api");
    const items = stack.at("aws_api_gateway_resource", "api/items");
    const item = stack.at("aws_api_gateway_resource", "api/items-id");

    expect(stack.resources("aws_api_gateway_resource")).toHaveLength(2);
    expect(items.attributes).toEqual({
      rest_api_id: api.ref("id"),
      parent_id: api.ref("root_resource_id"),
      path_part: "items",
    });
    expect(item.attributes).toEqual({
      rest_api_id: api.ref("id"),
      parent_id: items.ref("id"),
      path_part: "{id}",
    });
  });

  it.each([
    { id: "post-items", httpMethod: "POST", resource: "items", parameters: {} },
    {
      id: "get-items-id",
      httpMethod: "GET",
      resource: "items-id",
      parameters: { "method.request.path.id": true, "method.request.querystring.limit": true },
    },
  ])("requires a signed request for $id", ({ id, httpMethod, resource, parameters }) => {
    const stack = restApi();

    const method = stack.at("aws_api_gateway_method", `api/${id}`);

    expect(method.attributes).toEqual({
      rest_api_id: stack.only("aws_api_gateway_rest_api").ref("id"),
      resource_id: stack.at("aws_api_gateway_resource", `api/${resource}`).ref("id"),
      http_method: httpMethod,
      authorization: "AWS_IAM",
      request_parameters: parameters,
      request_validator_id: stack.only("aws_api_gateway_request_validator").ref("id"),
      ...(httpMethod === "POST" && {
        request_models: { "application/json": stack.only("aws_api_gateway_model").ref("name") },
      }),
    });
  });

  it("checks bodies and parameters before it calls the function", () => {
    const stack = restApi();

    const validator = stack.only("aws_api_gateway_request_validator");
    const model = stack.only("aws_api_gateway_model");

    expect(validator.attributes).toMatchObject({
      validate_request_body: true,
      validate_request_parameters: true,
    });
    expect(model.attributes).toMatchObject({ name: "PostItemsBody", content_type: "application/json" });
    expect(model.parsed("schema")).toEqual({ type: "object" });
  });

  it("accepts tokens from a Cognito user pool if that is chosen", () => {
    const userPoolArns = ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a"];
    const stack = restApi({
      authorization: { type: "COGNITO_USER_POOLS", userPoolArns, scopes: ["items/read"] },
    });

    const authorizer = stack.only("aws_api_gateway_authorizer");
    const methods = stack.resources("aws_api_gateway_method");

    expect(authorizer.attributes).toMatchObject({ type: "COGNITO_USER_POOLS", provider_arns: userPoolArns });
    expect(methods.map(({ attributes }) => attributes)).toEqual(
      methods.map(() =>
        expect.objectContaining({
          authorization: "COGNITO_USER_POOLS",
          authorizer_id: authorizer.ref("id"),
          authorization_scopes: ["items/read"],
        }),
      ),
    );
  });

  it("is open to anybody only if that is chosen, with a reason", () => {
    const stack = restApi({ authorization: { type: "NONE", reason: "a public catalogue" } });

    const methods = stack.resources("aws_api_gateway_method");

    expect(methods.map(({ attributes }) => attributes.authorization)).toEqual(["NONE", "NONE"]);
    expect(stack.resources("aws_api_gateway_authorizer")).toEqual([]);
  });

  it("answers no preflight requests unless told to", () => {
    expect(restApi().text).not.toMatch(/OPTIONS|Access-Control/);
  });

  const userPools = {
    type: "COGNITO_USER_POOLS",
    userPoolArns: ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a"],
  } as const;
  const everyone = { type: "NONE", reason: "a public catalogue" } as const;
  const allowedOrigin = "https://app.example.com";

  it.each<[string, Partial<RestApiProps>, readonly string[]]>([
    ["IAM decides about its own account", {}, []],
    ["browsers send preflights unsigned", { allowedOrigin }, ["* on /OPTIONS/*"]],
    ["Cognito decides", { authorization: userPools }, ["* on /*"]],
    ["Cognito decides, about preflights too", { authorization: userPools, allowedOrigin }, ["* on /*"]],
    ["nobody decides", { authorization: everyone }, ["* on /*"]],
    ["IAM decides about other accounts", { trustedAccountIds: ["111122223333"] }, ["111122223333 on /*"]],
    [
      "IAM decides about other accounts, but not about preflights",
      { trustedAccountIds: ["111122223333"], allowedOrigin },
      ["* on /OPTIONS/*", "111122223333 on /*"],
    ],
    [
      "Cognito decides, whatever the accounts",
      { authorization: userPools, trustedAccountIds: ["111122223333"] },
      ["* on /*", "111122223333 on /*"],
    ],
    [
      "nobody decides, whatever the accounts",
      { authorization: everyone, trustedAccountIds: ["111122223333", "222233334444"] },
      ["* on /*", "111122223333,222233334444 on /*"],
    ],
  ])(
    "always has a policy that requires TLS and allows whom its methods cannot: %s",
    (_, changes, allowed) => {
      const stack = restApi(changes);

      const policy = stack.only("aws_api_gateway_rest_api_policy").parsed("policy");

      const stage = `${stack.only("aws_api_gateway_rest_api").ref("execution_arn")}/test`;
      const [tls, ...others] = (policy as { Statement: PolicyStatement[] }).Statement;
      expect(tls).toMatchObject({
        Effect: "Deny",
        Principal: "*",
        Resource: `${stage}/*`,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
      expect(
        others.map((statement) => `${callersOf(statement)} on ${`${statement.Resource}`.replace(stage, "")}`),
      ).toEqual(allowed);
      expect(others).toEqual(others.map(() => expect.objectContaining({ Effect: "Allow" })));
    },
  );

  /** The headers that the AWS SDKs' signer adds to a request, except for the browser's own. */
  const signersHeaders = async () => {
    const signer = new SignatureV4({
      service: "execute-api",
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "secret", sessionToken: "token" },
      sha256: Sha256,
    });
    const { headers } = await signer.sign({
      method: "POST",
      protocol: "https:",
      hostname: "api.example.com",
      path: "/items",
      headers: { host: "api.example.com" },
      body: "{}",
    });
    return Object.keys(headers).filter((name) => name !== "host");
  };

  /** The headers that the operations read. */
  const ownHeaders = async () => [
    "content-type",
    ...Object.values<Operation>(operations).flatMap(({ parameters }) =>
      Object.entries(parameters)
        .filter(([, parameter]) => parameter.in === "header")
        .map(([name]) => name.toLowerCase()),
    ),
  ];

  it.each([
    ["the API's own requests", ownHeaders, 4],
    ["the AWS SDKs' signer", signersHeaders, 4],
    ["some versions of Amplify", async () => ["x-amz-user-agent"], 1],
  ])("allows the headers of %s from the allowed origin", async (_, headersOf, least) => {
    const headers = await headersOf();
    const stack = restApi({ allowedOrigin: "https://app.example.com" });

    const { attributes } = stack.at(
      "aws_api_gateway_integration_response",
      "preflight-items/integration-response",
    );
    const parameters = attributes.response_parameters as Readonly<Record<string, string>>;
    const allowed = parameters["method.response.header.Access-Control-Allow-Headers"]?.replaceAll("'", "");

    expect(new Set(headers).size).toBeGreaterThanOrEqual(least);
    expect(allowed?.split(",")).toEqual(expect.arrayContaining(headers));
  });

  it("answers preflight requests from the allowed origin, and lets it read API Gateway's own responses", () => {
    const stack = restApi({ allowedOrigin: "https://app.example.com" });

    const preflight = stack.at(
      "aws_api_gateway_integration_response",
      "preflight-items/integration-response",
    );
    const forbidden = stack.at("aws_api_gateway_gateway_response", "responses/access-denied");

    expect(preflight.attributes.response_parameters).toMatchObject({
      "method.response.header.Access-Control-Allow-Origin": "'https://app.example.com'",
      "method.response.header.Access-Control-Allow-Methods": "'POST'",
    });
    expect(forbidden.attributes.response_parameters).toMatchObject({
      "gatewayresponse.header.Access-Control-Allow-Origin": "'https://app.example.com'",
    });
  });

  it("has a managed policy that allows calling the stage and nothing else", () => {
    const stack = restApi();

    const policy = stack.only("aws_iam_policy");

    expect(policy.attributes.name).toBe("shop-api-invoke-test");
    expect(policy.parsed("policy")).toMatchObject({
      Statement: [
        {
          Effect: "Allow",
          Action: "execute-api:Invoke",
          Resource: `${stack.only("aws_api_gateway_rest_api").ref("execution_arn")}/test/*`,
        },
      ],
    });
  });

  it.each(["post-items", "get-items-id"])("forwards %s to the function's alias with POST", (id) => {
    const stack = restApi();

    const integration = stack.at("aws_api_gateway_integration", `api/${id}-integration`);
    const method = stack.at("aws_api_gateway_method", `api/${id}`);

    expect(integration.attributes).toEqual({
      rest_api_id: method.attributes.rest_api_id,
      resource_id: method.attributes.resource_id,
      http_method: method.ref("http_method"),
      type: "AWS_PROXY",
      integration_http_method: "POST",
      uri: stack.only("aws_lambda_alias").ref("invoke_arn"),
    });
  });

  it.each([
    { id: "invoke-post-items", path: "POST/items" },
    { id: "invoke-get-items-id", path: "GET/items/*" },
  ])("gets permission from $id for that method of that stage only", ({ id, path }) => {
    const stack = restApi();

    const permission = stack.at("aws_lambda_permission", `worker/${id}`);

    expect(permission.attributes).toMatchObject({
      qualifier: stack.only("aws_lambda_alias").ref("name"),
      source_arn: `${stack.only("aws_api_gateway_rest_api").ref("execution_arn")}/test/${path}`,
    });
    expect(stack.resources("aws_lambda_permission")).toHaveLength(2);
  });

  it("has one stage, named after the environment", () => {
    const stack = restApi();

    const stage = stack.only("aws_api_gateway_stage");

    expect(stage.attributes).toMatchObject({
      rest_api_id: stack.only("aws_api_gateway_rest_api").ref("id"),
      deployment_id: stack.only("aws_api_gateway_deployment").ref("id"),
      stage_name: "test",
    });
  });

  it("logs each request as one line of JSON, with an id that the caller cannot choose", () => {
    const stack = restApi();

    const logGroup = stack.at("aws_cloudwatch_log_group", "api/stage/access-log/group");
    const stage = stack.only("aws_api_gateway_stage");

    const [settings] = [stage.attributes.access_log_settings].flat();
    const { destination_arn: destination, format } = settings as Record<string, string>;
    expect(destination).toBe(logGroup.ref("arn"));
    expect(logGroup.attributes.name).toBe("/aws/vendedlogs/apigateway/shop-api-test");
    expect(logGroup.attributes.retention_in_days).toBe(14);
    expect(format).not.toContain("\n");
    expect(JSON.parse(format ?? "")).toMatchObject({
      requestId: "$context.requestId",
      extendedRequestId: "$context.extendedRequestId",
    });
  });

  it("exposes the URL of its stage", () => {
    const stack = synthesizeStack((testStack) => {
      const api = addApi(testStack);
      new TerraformOutput(testStack, "url", { value: api.stage.url });
    });

    const url = stack.section("output", "url");

    expect(url.value).toBe(stack.only("aws_api_gateway_stage").ref("invoke_url"));
  });

  it("forwards a route on the root path to its function", () => {
    const stack = synthesizeStack((testStack) => {
      const routes = { "GET /": { function: serviceFunction(testStack) } };
      new RestApi(testStack, "api", { ...settings, routes });
    });

    const api = stack.only("aws_api_gateway_rest_api");

    expect(stack.resources("aws_api_gateway_resource")).toEqual([]);
    expect(stack.only("aws_api_gateway_method").attributes.resource_id).toBe(api.ref("root_resource_id"));
    expect(stack.only("aws_lambda_permission").attributes.source_arn).toBe(
      `${api.ref("execution_arn")}/test/GET/`,
    );
  });
});
