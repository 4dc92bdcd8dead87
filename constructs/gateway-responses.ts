import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import { Construct } from "constructs";

export interface GatewayResponsesProps {
  readonly restApiId: string;
  /** Origin whose pages can read the responses. @default none */
  readonly allowedOrigin?: string | undefined;
}

/**
 * The response types that stand for one status each: "Gateway response types" in API Gateway's developer guide.
 *
 * No other type is customized, because AWS returns, or may return, each of them with several statuses.
 * INTEGRATION_FAILURE is 504 in the guide, but in fact 500 if Lambda refuses the invocation and 502 if the function
 * fails ("Handling Lambda errors with an API Gateway API" in Lambda's developer guide, localstack/localstack#11183,
 * DataBiosphere/azul#7470), and customizing it turns both into 504 (re:Post QUL-z6rJbmR4meafB7MzYXxw). A configuration
 * error is 500 or 502, an expired token 403 or, from Cognito, 401, and a request that WAF blocks gets the status that
 * its rule says.
 */
const responses = {
  ACCESS_DENIED: [403, "Forbidden"],
  BAD_REQUEST_BODY: [400, "Bad Request"],
  BAD_REQUEST_PARAMETERS: [400, "Bad Request"],
  INVALID_API_KEY: [403, "Forbidden"],
  INVALID_SIGNATURE: [403, "Forbidden"],
  MISSING_AUTHENTICATION_TOKEN: [403, "Forbidden"],
  QUOTA_EXCEEDED: [429, "Too Many Requests"],
  REQUEST_TOO_LARGE: [413, "Content Too Large"],
  RESOURCE_NOT_FOUND: [404, "Not Found"],
  THROTTLED: [429, "Too Many Requests"],
  UNAUTHORIZED: [401, "Unauthorized"],
  UNSUPPORTED_MEDIA_TYPE: [415, "Unsupported Media Type"],
} as const;

/** These cover every other type. They do not set a status, so AWS's own statuses are kept. */
const defaults = ["DEFAULT_4XX", "DEFAULT_5XX"] as const;

/**
 * API Gateway's own responses as problem+json (RFC 9457), with the statuses that AWS gives them. They contain the
 * gateway's message and the request's id, but nothing from the request itself. A body has `title` and `status` only if
 * its type stands for one status.
 */
export class GatewayResponses extends Construct {
  /** Included in the API's deployment snapshot. */
  readonly resources: readonly ApiGatewayGatewayResponse[];

  constructor(scope: Construct, id: string, { restApiId, allowedOrigin }: GatewayResponsesProps) {
    super(scope, id);
    const add = (responseType: string, status?: number, title?: string) =>
      new ApiGatewayGatewayResponse(this, responseType.toLowerCase().replaceAll("_", "-"), {
        restApiId,
        responseType,
        ...(status && { statusCode: `${status}` }),
        responseTemplates: { "application/json": problemTemplate(status, title) },
        responseParameters: {
          "gatewayresponse.header.Content-Type": "'application/problem+json'",
          "gatewayresponse.header.Cache-Control": "'no-store'",
          ...(status === 429 && { "gatewayresponse.header.Retry-After": "'1'" }),
          ...(allowedOrigin && {
            "gatewayresponse.header.Access-Control-Allow-Origin": `'${allowedOrigin}'`,
          }),
        },
      });
    this.resources = [
      ...Object.entries(responses).map(([responseType, [status, title]]) => add(responseType, status, title)),
      ...defaults.map((responseType) => add(responseType)),
    ];
  }
}

/** `messageString` is the gateway's message, already in quotes. */
function problemTemplate(status: number | undefined, title: string | undefined): string {
  const members = [
    '"type":"about:blank"',
    ...(status ? [`"title":"${title}"`, `"status":${status}`] : []),
    '"detail":$context.error.messageString',
    '"requestId":"$context.requestId"',
  ];
  return `{${members.join(",")}}`;
}
