import { GatewayResponses } from "../../constructs/gateway-responses";
import { synthesizeStack } from "../support/synthesize";

const stack = synthesizeStack((testStack) => {
  new GatewayResponses(testStack, "responses", { restApiId: "an-api" });
});

describe("GatewayResponses", () => {
  it("covers each of API Gateway's response types once", () => {
    const types = stack
      .resources("aws_api_gateway_gateway_response")
      .map(({ attributes }) => attributes.response_type);

    expect(types).toHaveLength(21);
    expect(new Set(types).size).toBe(21);
  });

  it.each(stack.resources("aws_api_gateway_gateway_response"))(
    "answers $attributes.response_type as problem+json with a literal status",
    ({ attributes }) => {
      const { "application/json": template = "" } = attributes.response_templates as Record<string, string>;

      const body = JSON.parse(
        template
          .replace("$context.error.messageString", '"the gateway\'s own words"')
          .replace("$context.requestId", "an-id"),
      );

      expect(body).toEqual({
        type: "about:blank",
        title: expect.stringMatching(/^[A-Z]/),
        status: Number(attributes.status_code),
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
