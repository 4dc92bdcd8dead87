import {
  type APIGatewayClient,
  PutIntegrationCommand,
  PutMethodCommand,
  type PutMethodCommandInput,
} from "@aws-sdk/client-api-gateway";
import { region } from "./emulators";

interface Method {
  readonly restApiId: string | undefined;
  readonly resourceId: string | undefined;
  readonly httpMethod: string;
}

/** Adds a method with AWS_IAM that invokes a function, or a function's alias. */
export async function putFunctionMethod(
  client: APIGatewayClient,
  method: Method,
  functionArn: string,
  validation: Pick<PutMethodCommandInput, "requestModels" | "requestValidatorId"> = {},
): Promise<void> {
  await client.send(new PutMethodCommand({ ...method, ...validation, authorizationType: "AWS_IAM" }));
  await client.send(
    new PutIntegrationCommand({
      ...method,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    }),
  );
}
