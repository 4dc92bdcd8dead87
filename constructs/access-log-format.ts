/** A caller can set requestId with a header; extendedRequestId is always API Gateway's own. */
const fields = {
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  requestTime: "$context.requestTime",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  status: "$context.status",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  responseLength: "$context.responseLength",
  sourceIp: "$context.identity.sourceIp",
  userArn: "$context.identity.userArn",
  xrayTraceId: "$context.xrayTraceId",
  errorMessage: "$context.error.message",
};

/** What API Gateway logs for each request: one line of JSON. */
export const accessLogFormat = JSON.stringify(fields);
