import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import { Construct } from "constructs";

export interface GatewayResponsesProps {
  readonly restApiId: string;
  /** Origin whose pages can read the responses. @default none */
  readonly allowedOrigin?: string | undefined;
}

/** Every response that API Gateway itself generates, with its status: "Gateway response types" in its developer guide. */
const responses = {
  ACCESS_DENIED: [403, "Forbidden"],
  API_CONFIGURATION_ERROR: [500, "Internal Server Error"],
  AUTHORIZER_CONFIGURATION_ERROR: [500, "Internal Server Error"],
  AUTHORIZER_FAILURE: [500, "Internal Server Error"],
  BAD_REQUEST_BODY: [400, "Bad Request"],
  BAD_REQUEST_PARAMETERS: [400, "Bad Request"],
  DEFAULT_4XX: [400, "Bad Request"],
  DEFAULT_5XX: [500, "Internal Server Error"],
  EXPIRED_TOKEN: [403, "Forbidden"],
  INTEGRATION_FAILURE: [504, "Gateway Timeout"],
  INTEGRATION_TIMEOUT: [504, "Gateway Timeout"],
  INVALID_API_KEY: [403, "Forbidden"],
  INVALID_SIGNATURE: [403, "Forbidden"],
  MISSING_AUTHENTICATION_TOKEN: [403, "Forbidden"],
  QUOTA_EXCEEDED: [429, "Too Many Requests"],
  REQUEST_TOO_LARGE: [413, "Content Too Large"],
  RESOURCE_NOT_FOUND: [404, "Not Found"],
  THROTTLED: [429, "Too Many Requests"],
  UNAUTHORIZED: [401, "Unauthorized"],
  UNSUPPORTED_MEDIA_TYPE: [415, "Unsupported Media Type"],
  WAF_FILTERED: [403, "Forbidden"],
} as const;

/**
 * API Gateway's own responses as problem+json (RFC 9457), one for each type. They contain the gateway's message and the
 * request's id, but nothing from the request itself.
 */
export class GatewayResponses extends Construct {
  /** Included in the API's deployment snapshot. */
  readonly resources: readonly ApiGatewayGatewayResponse[];

  constructor(scope: Construct, id: string, { restApiId, allowedOrigin }: GatewayResponsesProps) {
    super(scope, id);
    this.resources = Object.entries(responses).map(
      ([responseType, [status, title]]) =>
        new ApiGatewayGatewayResponse(this, responseType.toLowerCase().replaceAll("_", "-"), {
          restApiId,
          responseType,
          statusCode: `${status}`,
          responseTemplates: { "application/json": problemTemplate(status, title) },
          responseParameters: {
            "gatewayresponse.header.Content-Type": "'application/problem+json'",
            "gatewayresponse.header.Cache-Control": "'no-store'",
            ...(status === 429 && { "gatewayresponse.header.Retry-After": "'1'" }),
            ...(allowedOrigin && {
              "gatewayresponse.header.Access-Control-Allow-Origin": `'${allowedOrigin}'`,
            }),
          },
        }),
    );
  }
}

/** `messageString` is the gateway's message, already in quotes. */
function problemTemplate(status: number, title: string): string {
  const members = [
    '"type":"about:blank"',
    `"title":"${title}"`,
    `"status":${status}`,
    '"detail":$context.error.messageString',
    '"requestId":"$context.requestId"',
  ];
  return `{${members.join(",")}}`;
}
