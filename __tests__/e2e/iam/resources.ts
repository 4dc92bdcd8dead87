import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { CreateTableCommand, DynamoDBClient, type StreamSpecification } from "@aws-sdk/client-dynamodb";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { zipOf } from "../../support/zip";
import { account, type ClientConfig, region } from "../gaps/emulators";

/** The ARN of a resource in the tests' account and Region. */
export function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** The settings of the SDK's clients with which one call of the SDK is one request. */
export function once(config: ClientConfig) {
  return { ...config, maxAttempts: 1 };
}

/** Creates a table of rows with an `id` and an `owner`, by which its index `by-owner` finds them. */
export function createTable(
  config: ClientConfig,
  TableName: string,
  StreamSpecification?: StreamSpecification,
) {
  return new DynamoDBClient(config).send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "owner", AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-owner",
          KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      StreamSpecification,
    }),
  );
}

/** Creates a function that logs a line and returns 200. @param deadLetters ARN of its dead-letter queue */
export function createFunction(
  config: ClientConfig,
  FunctionName: string,
  Role: string,
  deadLetters?: string,
) {
  const code = "exports.handler = async () => { console.log('ran'); return { statusCode: 200 }; };";
  return new LambdaClient(once(config)).send(
    new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf("index.js", code) },
      ...(deadLetters && { DeadLetterConfig: { TargetArn: deadLetters } }),
    }),
  );
}

/**
 * Creates a REST API whose `GET /` invokes a function.
 * @param credentials the integration's role. @default API Gateway invokes in its own name
 */
export async function createApi(config: ClientConfig, functionArn: string, credentials?: string) {
  const client = new APIGatewayClient(config);
  const { id: apiId = "" } = await client.send(new CreateRestApiCommand({ name: "iam" }));
  const { items } = await client.send(new GetResourcesCommand({ restApiId: apiId }));
  const method = { restApiId: apiId, resourceId: items?.[0]?.id, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "AWS_IAM" }));
  await client.send(
    new PutIntegrationCommand({
      ...method,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      credentials,
      uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    }),
  );
  await client.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: "dev" }));
  return { apiId, method, url: `${config.endpoint}/restapis/${apiId}/dev/_user_request_/` };
}
