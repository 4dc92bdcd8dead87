import {
  APIGatewayClient,
  PutIntegrationCommand,
  PutMethodCommand,
  type PutMethodCommandInput,
} from "@aws-sdk/client-api-gateway";
import { account, type ClientConfig, region } from "./emulators";
import { letInvoke } from "./permission";

interface Method {
  readonly restApiId: string | undefined;
  readonly resourceId: string | undefined;
  readonly httpMethod: string;
}

/** Adds a method with AWS_IAM that invokes a function, or a function's alias, and lets the API invoke it. */
export async function putFunctionMethod(
  config: ClientConfig,
  method: Method,
  functionArn: string,
  validation: Pick<PutMethodCommandInput, "requestModels" | "requestValidatorId"> = {},
): Promise<void> {
  const client = new APIGatewayClient(config);
  await client.send(new PutMethodCommand({ ...method, ...validation, authorizationType: "AWS_IAM" }));
  await client.send(
    new PutIntegrationCommand({
      ...method,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    }),
  );
  const source = `arn:aws:execute-api:${region}:${account}:${method.restApiId}/*`;
  await letInvoke(config, functionArn, "apigateway.amazonaws.com", source);
}
