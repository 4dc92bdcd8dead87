import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayIntegrationResponse } from "@cdktf/provider-aws/lib/api-gateway-integration-response";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayMethodResponse } from "@cdktf/provider-aws/lib/api-gateway-method-response";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";

export interface CorsPreflightProps {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly allowedOrigin: string;
  /** The resource's methods. */
  readonly methods: readonly string[];
}

const allowedHeaders = [
  "authorization",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  // Sent by the AWS SDKs' own signers.
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  // Sent by some versions of Amplify.
  "x-amz-user-agent",
];

/**
 * Answers a resource's CORS preflight requests: unsigned OPTIONS requests in which a browser asks whether a page of the
 * allowed origin can call the resource. API Gateway answers them without calling a function.
 */
export class CorsPreflight extends Construct {
  /** Included in the API's deployment snapshot. */
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: CorsPreflightProps) {
    super(scope, id);
    const { restApiId, resourceId, allowedOrigin, methods } = props;
    const method = new ApiGatewayMethod(this, "options", {
      restApiId,
      resourceId,
      httpMethod: "OPTIONS",
      authorization: "NONE",
    });
    const integration = new ApiGatewayIntegration(this, "integration", {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      type: "MOCK",
      requestTemplates: { "application/json": '{"statusCode":204}' },
    });
    const headers = {
      "Access-Control-Allow-Origin": allowedOrigin,
      "Access-Control-Allow-Methods": methods.join(","),
      "Access-Control-Allow-Headers": allowedHeaders.join(","),
      "Access-Control-Max-Age": "7200",
    };
    const parameters = Object.entries(headers).map(
      ([name, value]) => [`method.response.header.${name}`, value] as const,
    );
    const response = new ApiGatewayMethodResponse(this, "response", {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      statusCode: "204",
      responseParameters: Object.fromEntries(parameters.map(([name]) => [name, true])),
    });
    const integrationResponse = new ApiGatewayIntegrationResponse(this, "integration-response", {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      statusCode: response.statusCode,
      responseParameters: Object.fromEntries(parameters.map(([name, value]) => [name, `'${value}'`])),
      dependsOn: [integration],
    });
    this.resources = [method, integration, response, integrationResponse];
  }
}
