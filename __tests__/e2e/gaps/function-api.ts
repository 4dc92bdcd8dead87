import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
} from "@aws-sdk/client-api-gateway";
import { signedFetch } from "../signed-fetch";
import type { ClientConfig } from "./emulators";
import { putFunctionMethod } from "./function-method";

/** Creates an API whose GET / invokes a function or alias. @returns a function that calls it with a query string */
export async function createFunctionApi(config: ClientConfig, functionArn: string) {
  const client = new APIGatewayClient(config);
  const { id: restApiId } = await client.send(new CreateRestApiCommand({ name: "gaps-function" }));
  const { items } = await client.send(new GetResourcesCommand({ restApiId }));
  await putFunctionMethod(config, { restApiId, resourceId: items?.[0]?.id, httpMethod: "GET" }, functionArn);
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "dev" }));
  const url = `${config.endpoint}/restapis/${restApiId}/dev/_user_request_/`;
  return (query: Record<string, string>) => signedFetch(`${url}?${new URLSearchParams(query)}`);
}
