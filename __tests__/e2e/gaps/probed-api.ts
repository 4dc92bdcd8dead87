import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { CreateAliasCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { zipOf } from "../../support/zip";
import { account, type ClientConfig, region } from "./emulators";
import { putFunctionMethod } from "./function-method";

export const functionName = "probed";
export const deadLetters = "probed-dead-letters";

/** Returns what it was given, or does what the event asks for. */
const source = `
exports.handler = async (event) => {
  const { AWS_LAMBDA_FUNCTION_VERSION: version, AWS_LAMBDA_INITIALIZATION_TYPE: initialization } = process.env;
  console.log("invoked", event.marker, "of", version);
  if (event.fail) throw new Error("as requested");
  if (event.megabytes) Buffer.alloc(event.megabytes * 1e6, 1);
  if (event.milliseconds) await new Promise((resolve) => setTimeout(resolve, event.milliseconds));
  const { body, headers, queryStringParameters, requestContext } = event;
  const facts = { architecture: process.arch, initialization };
  const request = { headers, queryStringParameters, requestId: requestContext?.requestId, length: body?.length };
  return { statusCode: 200, body: JSON.stringify({ ...facts, ...request }) };
};`;

export interface ProbedApi {
  readonly restApiId: string;
  readonly mockResourceId: string;
  /** Of the stage. */
  readonly url: string;
}

/** Creates a function with the alias \`live\`, and an API with ANY /echo, POST /model and the mock GET /mock. */
export async function createProbedApi(config: ClientConfig): Promise<ProbedApi> {
  await new SQSClient(config).send(new CreateQueueCommand({ QueueName: deadLetters }));
  const lambda = new LambdaClient(config);
  const { Version: FunctionVersion } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Role: `arn:aws:iam::${account}:role/gaps`,
      Runtime: "nodejs22.x",
      Architectures: ["arm64"],
      MemorySize: 128,
      Timeout: 20,
      Handler: "index.handler",
      Code: { ZipFile: zipOf("index.js", source) },
      DeadLetterConfig: { TargetArn: `arn:aws:sqs:${region}:${account}:${deadLetters}` },
      Publish: true,
    }),
  );
  const { AliasArn = "" } = await lambda.send(
    new CreateAliasCommand({ FunctionName: functionName, Name: "live", FunctionVersion }),
  );
  const gateway = new APIGatewayClient(config);
  const { id: restApiId = "" } = await gateway.send(new CreateRestApiCommand({ name: functionName }));
  const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId }));
  const add = async (pathPart: string) => {
    const input = { restApiId, parentId: items[0]?.id, pathPart };
    return (await gateway.send(new CreateResourceCommand(input))).id ?? "";
  };
  await putFunctionMethod(config, { restApiId, resourceId: await add("echo"), httpMethod: "ANY" }, AliasArn);
  const model = { restApiId, resourceId: await add("model"), httpMethod: "POST" };
  await putFunctionMethod(config, model, AliasArn, await objectBodies(gateway, restApiId));
  const mock = { restApiId, resourceId: await add("mock"), httpMethod: "GET" };
  await gateway.send(new PutMethodCommand({ ...mock, authorizationType: "NONE" }));
  await gateway.send(new PutIntegrationCommand({ ...mock, type: "MOCK" }));
  const { id: deploymentId } = await gateway.send(new CreateDeploymentCommand({ restApiId }));
  await gateway.send(new CreateStageCommand({ restApiId, stageName: "live", deploymentId }));
  return {
    restApiId,
    mockResourceId: mock.resourceId,
    url: `${config.endpoint}/restapis/${restApiId}/live/_user_request_`,
  };
}

/** @returns what a method needs so that its body must be an object */
async function objectBodies(gateway: APIGatewayClient, restApiId: string) {
  await gateway.send(
    new CreateModelCommand({
      restApiId,
      name: "Body",
      contentType: "application/json",
      schema: JSON.stringify({ type: "object" }),
    }),
  );
  const { id: requestValidatorId } = await gateway.send(
    new CreateRequestValidatorCommand({ restApiId, name: "bodies", validateRequestBody: true }),
  );
  return { requestValidatorId, requestModels: { "application/json": "Body" } };
}
