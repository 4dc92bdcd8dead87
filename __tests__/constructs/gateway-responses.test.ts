import { GatewayResponses } from "../../constructs/gateway-responses";
import { synthesizeStack } from "../support/synthesize";

const stack = synthesizeStack((testStack) => {
  new GatewayResponses(testStack, "responses", { restApiId: "an-api" });
});
const gatewayResponses = stack.resources("aws_api_gateway_gateway_response");

describe("GatewayResponses", () => {
  it("covers every response: each type once, and all others by DEFAULT_4XX and DEFAULT_5XX", () => {
    const types = gatewayResponses.map(({ attributes }) => attributes.response_type);

    expect(new Set(types).size).toBe(types.length);
    expect(types).toEqual(expect.arrayContaining(["DEFAULT_4XX", "DEFAULT_5XX"]));
  });

  /** As API Gateway's and Lambda's developer guides have them, and requests to AWS show them. */
  it.each<[string, readonly number[]]>([
    ["INTEGRATION_FAILURE", [500, 502, 504]],
    ["INTEGRATION_TIMEOUT", [504]],
    ["API_CONFIGURATION_ERROR", [500, 502]],
    ["AUTHORIZER_CONFIGURATION_ERROR", [500]],
    ["AUTHORIZER_FAILURE", [500]],
    ["DEFAULT_4XX", [400, 403, 405, 413]],
    ["DEFAULT_5XX", [500, 502, 503, 504]],
    ["EXPIRED_TOKEN", [401, 403]],
    ["WAF_FILTERED", [202, 403, 405, 429]],
    ["ACCESS_DENIED", [403]],
    ["BAD_REQUEST_BODY", [400]],
    ["BAD_REQUEST_PARAMETERS", [400]],
    ["INVALID_API_KEY", [403]],
    ["INVALID_SIGNATURE", [403]],
    ["MISSING_AUTHENTICATION_TOKEN", [403]],
    ["QUOTA_EXCEEDED", [429]],
    ["REQUEST_TOO_LARGE", [413]],
    ["RESOURCE_NOT_FOUND", [404]],
    ["THROTTLED", [429]],
    ["UNAUTHORIZED", [401]],
    ["UNSUPPORTED_MEDIA_TYPE", [415]],
  ])("keeps every status that AWS gives %s: %j", (responseType, statuses) => {
    const own = gatewayResponses.find(({ attributes }) => attributes.response_type === responseType);
    const family = `DEFAULT_${statuses.some((status) => status >= 500) ? 5 : 4}XX`;
    const fallback = gatewayResponses.find(({ attributes }) => attributes.response_type === family);
    const { status_code: pinned } = (own ?? fallback)?.attributes ?? {};

    const seen = statuses.map((status) => (pinned === undefined ? status : Number(pinned)));

    expect(seen).toEqual(statuses);
    expect(responseType === "INTEGRATION_FAILURE" && own).toBeFalsy();
  });

  it.each(gatewayResponses)(
    "returns $attributes.response_type as problem+json that says no other status than its own",
    ({ attributes }) => {
      const { "application/json": template = "" } = attributes.response_templates as Record<string, string>;

      const body = JSON.parse(
        template
          .replace("$context.error.messageString", '"the gateway\'s own words"')
          .replace("$context.requestId", "an-id"),
      );

      expect(body).toEqual({
        type: "about:blank",
        ...(attributes.status_code !== undefined && {
          title: expect.stringMatching(/^[A-Z]/),
          status: Number(attributes.status_code),
        }),
        detail: "the gateway's own words",
        requestId: "an-id",
      });
      expect(attributes.response_parameters).toMatchObject({
        "gatewayresponse.header.Content-Type": "'application/problem+json'",
      });
    },
  );

  it("contains nothing from the request but its id", () => {
    const variables = new Set(stack.text.match(/\$context[\w.]+/g));

    expect(variables).toEqual(new Set(["$context.error.messageString", "$context.requestId"]));
  });

  it("tells throttled callers when to retry", () => {
    const throttled = stack.at("aws_api_gateway_gateway_response", "throttled");

    expect(throttled.attributes).toMatchObject({
      status_code: "429",
      response_parameters: { "gatewayresponse.header.Retry-After": "'1'" },
    });
  });
});
