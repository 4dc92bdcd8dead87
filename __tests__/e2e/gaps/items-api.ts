import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetResourcesCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateAliasCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { zipOf } from "../../support/zip";
import { signedFetch } from "../signed-fetch";
import { account, type ClientConfig, region } from "./emulators";
import { putFunctionMethod } from "./function-method";

export const accessLogGroup = "/aws/vendedlogs/gaps";

export const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  status: "$context.status",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  responseLength: "$context.responseLength",
  userAgent: "$context.identity.userAgent",
  userArn: "$context.identity.userArn",
  errorMessage: "$context.error.message",
});

/** Creates the function `gaps` with the alias `live`, and an API with GET /items/{id}. @returns the API's id */
export async function deployItemsApi(config: ClientConfig): Promise<string> {
  await new SQSClient(config).send(new CreateQueueCommand({ QueueName: "gaps-dead-letters" }));
  const aliasArn = await createFunction(new LambdaClient(config));
  const apiId = await createApi(config, aliasArn);
  await new CloudWatchLogsClient(config).send(new CreateLogGroupCommand({ logGroupName: accessLogGroup }));
  return apiId;
}

export function getItem(
  config: ClientConfig,
  apiId: string,
  id: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return signedFetch(itemUrl(config, apiId, id), { headers });
}

export function itemUrl({ endpoint }: ClientConfig, apiId: string, id: string): string {
  return `${endpoint}/restapis/${apiId}/dev/_user_request_/items/${id}`;
}

/** Creates a function whose behaviour depends on the event or on the id in the path. @returns the ARN of its alias */
async function createFunction(client: LambdaClient): Promise<string> {
  const source = `
  const sendSubsegment = () => new Promise((resolve) => {
    const fields = process.env._X_AMZN_TRACE_ID.split(";").map((field) => field.split("="));
    const { Root, Parent, Sampled } = Object.fromEntries(fields);
    if (Sampled !== "1") return resolve();
    const now = Date.now() / 1000;
    const call = { name: "DynamoDB", namespace: "aws", start_time: now, end_time: now };
    const subsegment = { type: "subsegment", id: "53995c3f42cd8ad8", trace_id: Root, parent_id: Parent, ...call };
    const [host, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(":");
    const socket = require("node:dgram").createSocket("udp4");
    const datagram = '{"format":"json","version":1}\\n' + JSON.stringify(subsegment);
    socket.send(datagram, Number(port), host, () => socket.close(resolve));
  });
  exports.handler = async (event) => {
    console.log("marker", event.marker);
    if (event.print) console.log(JSON.stringify(event.print));
    if (event.trace || event.pathParameters?.id === "trace") await sendSubsegment();
    if (event.fail || event.pathParameters?.id === "fail") throw new Error("as requested");
    return { statusCode: event.pathParameters?.id === "conflict" ? 409 : 200, body: "found" };
  };`;
  const { Version } = await client.send(
    new CreateFunctionCommand({
      FunctionName: "gaps",
      Role: `arn:aws:iam::${account}:role/gaps`,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf("index.js", source) },
      DeadLetterConfig: { TargetArn: `arn:aws:sqs:${region}:${account}:gaps-dead-letters` },
      TracingConfig: { Mode: "Active" },
      Publish: true,
    }),
  );
  const alias = await client.send(
    new CreateAliasCommand({ FunctionName: "gaps", Name: "live", FunctionVersion: Version }),
  );
  return alias.AliasArn ?? "";
}

/** Creates an API with GET /items/{id}, integrated with the alias. @returns the API's id */
async function createApi(config: ClientConfig, aliasArn: string): Promise<string> {
  const client = new APIGatewayClient(config);
  const { id: restApiId } = await client.send(new CreateRestApiCommand({ name: "gaps-api" }));
  const { items } = await client.send(new GetResourcesCommand({ restApiId }));
  let parentId = items?.[0]?.id;
  for (const pathPart of ["items", "{id}"]) {
    const { id } = await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
    parentId = id;
  }
  const method = { restApiId, resourceId: parentId, httpMethod: "GET" };
  await putFunctionMethod(config, method, aliasArn);
  const { id: deploymentId } = await client.send(new CreateDeploymentCommand({ restApiId }));
  const stage = { restApiId, stageName: "dev" };
  await client.send(new CreateStageCommand({ ...stage, deploymentId }));
  const settings = {
    "/accessLogSettings/destinationArn": `arn:aws:logs:${region}:${account}:log-group:${accessLogGroup}`,
    "/accessLogSettings/format": accessLogFormat,
    "/*/*/metrics/enabled": "true",
    "/tracingEnabled": "true",
  };
  const patchOperations = Object.entries(settings).map(([path, value]) => ({
    op: "replace" as const,
    path,
    value,
  }));
  await client.send(new UpdateStageCommand({ ...stage, patchOperations }));
  return restApiId ?? "";
}
