import type { APIGatewayProxyEvent, Context } from "aws-lambda";

/** The event of `GET /items/a` as API Gateway's REST proxy integration sends it, with a test's changes. */
export const apiEvent = (changes: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent => {
  const path =
    changes.path ?? changes.resource?.replace("{id}", changes.pathParameters?.id ?? "a") ?? "/items/a";
  return {
    resource: "/items/{id}",
    path,
    httpMethod: "GET",
    headers: { Accept: "application/json" },
    multiValueHeaders: { Accept: ["application/json"] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { id: "a" },
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      accountId: "123456789012",
      apiId: "api",
      authorizer: null,
      extendedRequestId: "extended-request-id",
      httpMethod: changes.httpMethod ?? "GET",
      identity: { sourceIp: "192.0.2.1" } as APIGatewayProxyEvent["requestContext"]["identity"],
      path: `/dev${path}`,
      protocol: "HTTP/1.1",
      requestId: "request-id",
      requestTimeEpoch: 1_700_000_000_000,
      resourceId: "resource",
      resourcePath: changes.resource ?? "/items/{id}",
      stage: "dev",
    },
    ...changes,
  };
};

/** The event of `POST /items` with a body: a string unchanged, anything else as JSON. */
export const postEvent = (body: unknown, changes: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent =>
  apiEvent({
    httpMethod: "POST",
    resource: "/items",
    pathParameters: null,
    headers: { "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...changes,
  });

/** A Lambda invocation's context with 10 seconds left and a test's changes. */
export const context = (changes: Partial<Context> = {}): Context => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: "api-dev",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:api-dev:live",
  memoryLimitInMB: "256",
  awsRequestId: "lambda-request-id",
  logGroupName: "/aws/lambda/api-dev",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 10_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
  ...changes,
});
