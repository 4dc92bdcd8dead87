import {
  accessLogLine,
  accessLogVariables,
} from "../../../../../packages/laptop/gaps/access-log/access-log-line";
import { deployedApi, exchange } from "../../../../support/exchange";

describe("accessLogLine", () => {
  it.each([
    ["a variable", "$context.status", { status: 200 }, "200"],
    [
      "a variable with a dot",
      "$context.identity.sourceIp $context.status",
      { "identity.sourceIp": "::1" },
      "::1 -",
    ],
    ["- for an empty variable", "$context.requestId", { requestId: "" }, "-"],
    ["- for an unknown variable", "$context.authorizer.claims.sub", {}, "-"],
    ["a dot after a variable", "$context.status.", { status: 200 }, "200."],
    ["zero", "$context.responseLength", { responseLength: 0 }, "0"],
    ["a replacement pattern literally", "$context.path", { path: "$&" }, "$&"],
    ["a line break as a space", "$context.path|", { path: "a\r\nb" }, "a b|"],
    ["escapes in a JSON format", '{"a":"$context.path"}', { path: 'a"b\\c\n' }, '{"a":"a\\"b\\\\c\\n"}'],
    [
      "a message that has its own quotes",
      '{"m":$context.error.messageString}',
      { "error.messageString": '"no"' },
      '{"m":"no"}',
    ],
  ])("writes %s", (_, format, variables, line) => {
    expect(accessLogLine(format, variables)).toBe(line);
  });
});

describe("accessLogVariables", () => {
  const invocation = { apiId: "a1b2c3d4", stageName: "dev", path: "/items/1" };
  const [resource] = deployedApi.resources;
  const route = resource && { resource, method: resource.resourceMethods?.GET ?? {} };

  it("describe a request that the integration answered", () => {
    const variables = accessLogVariables({ exchange: exchange(), invocation, route }, deployedApi, {
      userArn: "arn:aws:iam::000000000000:root",
    });

    expect(variables).toMatchObject({
      accountId: "000000000000",
      requestId: "request",
      requestTime: "01/Jan/2026:00:00:00 +0000",
      requestTimeEpoch: 1_767_225_600_000,
      path: "/dev/items/1",
      resourcePath: "/items/{id}",
      protocol: "HTTP/1.1",
      integrationLatency: 12,
      responseLatency: 15,
      "identity.userArn": "arn:aws:iam::000000000000:root",
      "error.message": undefined,
    });
  });

  it.each([
    ['{"message":"Missing \\"Token\\""}'],
    ['{"type":"about:blank","title":"Forbidden","status":403,"detail":"Missing \\"Token\\""}'],
  ])(
    "have the reason, but no integration, for a request that API Gateway rejected: %s",
    (answerBeginning) => {
      const refused = exchange({
        status: 403,
        answerHeaders: { "x-amzn-errortype": "MissingAuthenticationTokenException" },
        answerBeginning,
      });

      const variables = accessLogVariables({ exchange: refused, invocation, route }, deployedApi, {});

      expect(variables).toMatchObject({
        integrationLatency: undefined,
        "integration.status": undefined,
        "error.message": 'Missing "Token"',
        "error.messageString": '"Missing \\"Token\\""',
      });
    },
  );

  it("have the reason and the integration for a request whose function failed", () => {
    const failed = exchange({
      status: 502,
      answerHeaders: { "x-amzn-errortype": "InternalServerErrorException", "x-laptop-function": "failed" },
      answerBeginning: '{"message": "Internal server error"}',
    });

    const variables = accessLogVariables({ exchange: failed, invocation, route }, deployedApi, {});

    expect(variables).toMatchObject({
      integrationLatency: 12,
      status: 502,
      "error.message": "Internal server error",
    });
  });
});
