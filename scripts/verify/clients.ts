import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { XRayClient } from "@aws-sdk/client-xray";
import { NodeHttpHandler } from "@smithy/node-http-handler";

export interface ClientProps {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Clients for all services that a deployment uses. */
export type Clients = ReturnType<typeof clientsOf>;

/** @param props settings that do not come from environment variables */
export function clientsOf(props: ClientProps) {
  // One handler for all clients, which limits the load on a laptop's emulator: it is a single host. On AWS each service has
  // its own host.
  const requestHandler = new NodeHttpHandler({
    httpAgent: { maxSockets: 6 },
    httpsAgent: { maxSockets: 6 },
    socketAcquisitionWarningTimeout: 120_000,
  });
  const config = { ...props, requestHandler };
  return {
    apiGateway: new APIGatewayClient(config),
    cloudWatch: new CloudWatchClient(config),
    dynamoDb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    firehose: new FirehoseClient(config),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
    ssm: new SSMClient(config),
    xray: new XRayClient(config),
  };
}
