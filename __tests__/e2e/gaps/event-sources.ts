import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateEventSourceMappingCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { signedFetch } from "../signed-fetch";
import { account, type ClientConfig, region } from "./emulators";
import { letInvoke } from "./permission";

/** Sends one event with a marker. */
export type Send = (marker: string) => Promise<unknown>;

/** What can invoke a function or alias without waiting for it. Each is created with its target and returns how to send. */
export const eventSources: Readonly<
  Record<string, (config: ClientConfig, functionArn: string) => Promise<Send>>
> = {
  "an Event through Invoke": async (config, FunctionName) => {
    const client = new LambdaClient(config);
    return (marker) =>
      client.send(
        new InvokeCommand({
          FunctionName,
          InvocationType: "Event",
          Payload: Buffer.from(JSON.stringify({ marker })),
        }),
      );
  },
  "an SNS topic": async (config, Endpoint) => {
    const client = new SNSClient(config);
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: nameFor(Endpoint) }));
    await letInvoke(config, Endpoint, "sns.amazonaws.com", TopicArn);
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint }));
    return (Message) => client.send(new PublishCommand({ TopicArn, Message }));
  },
  "an EventBridge rule": async (config, Arn) => {
    const client = new EventBridgeClient(config);
    const Source = nameFor(Arn);
    const { RuleArn } = await client.send(
      new PutRuleCommand({ Name: Source, EventPattern: JSON.stringify({ source: [Source] }) }),
    );
    await letInvoke(config, Arn, "events.amazonaws.com", RuleArn);
    await client.send(new PutTargetsCommand({ Rule: Source, Targets: [{ Id: "function", Arn }] }));
    return (marker) =>
      client.send(
        new PutEventsCommand({
          Entries: [{ Source, DetailType: "test", Detail: JSON.stringify({ marker }) }],
        }),
      );
  },
  "a schedule": async ({ endpoint }, Arn) => {
    const next = counter();
    return async (marker) => {
      const response = await signedFetch(
        `${endpoint}/schedules/${nameFor(Arn)}-${next()}`,
        {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            // In the past, so that it is due at once. MiniStack looks every 10 seconds.
            ScheduleExpression: "at(2026-01-01T00:00:00)",
            FlexibleTimeWindow: { Mode: "OFF" },
            Target: { Arn, RoleArn: `arn:aws:iam::${account}:role/gaps`, Input: JSON.stringify({ marker }) },
          }),
        },
        { service: "scheduler" },
      );
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    };
  },
  "an S3 notification": async (config, LambdaFunctionArn) => {
    const client = new S3Client({ ...config, forcePathStyle: true });
    const Bucket = nameFor(LambdaFunctionArn);
    await client.send(new CreateBucketCommand({ Bucket }));
    await letInvoke(config, LambdaFunctionArn, "s3.amazonaws.com", `arn:aws:s3:::${Bucket}`);
    await client.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: {
          LambdaFunctionConfigurations: [{ LambdaFunctionArn, Events: ["s3:ObjectCreated:*"] }],
        },
      }),
    );
    return (Key) => client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from("x") }));
  },
  "a queue's mapping": async (config, FunctionName) => {
    const client = new SQSClient(config);
    const QueueName = nameFor(FunctionName);
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: "300" } }),
    );
    await new LambdaClient(config).send(
      new CreateEventSourceMappingCommand({
        FunctionName,
        EventSourceArn: `arn:aws:sqs:${region}:${account}:${QueueName}`,
        BatchSize: 1,
      }),
    );
    return (MessageBody) => client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  },
  "a table's mapping": async (config, FunctionName) => {
    const client = new DynamoDBClient(config);
    const TableName = nameFor(FunctionName);
    const { TableDescription } = await client.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      }),
    );
    await new LambdaClient(config).send(
      new CreateEventSourceMappingCommand({
        FunctionName,
        EventSourceArn: TableDescription?.LatestStreamArn,
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 1,
        MaximumRetryAttempts: 0,
      }),
    );
    const next = counter();
    return (marker) =>
      client.send(new PutItemCommand({ TableName, Item: { id: { S: `${next()}-${marker}` } } }));
  },
};

/** A name for everything that invokes one function or alias. */
function nameFor(functionArn: string): string {
  return `to-${functionArn.split(":").slice(6).join("-")}`;
}

function counter(): () => number {
  let last = 0;
  return () => ++last;
}
