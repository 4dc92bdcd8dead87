import http from "node:http";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, type ClientConfig, region, useEmulators } from "../gaps/emulators";
import { signedFetch } from "../signed-fetch";
import { until } from "../until";
import { createRole, document, sessionOf } from "./account";
import { arnOf as arn, createApi, createFunction, createTable } from "./resources";

const tableArn = arn("dynamodb", "table/mistakes");
const deadLettersArn = arn("sqs", "dead-letters");

/** Each test makes a mistake of its own, which must fail here as it does on AWS. */
describe("a mistake in IAM", () => {
  const emulators = useEmulators();
  let config: ClientConfig;

  beforeAll(async () => {
    config = emulators.withGaps;
    await createTable(config, "mistakes", { StreamEnabled: true, StreamViewType: "NEW_IMAGE" });
    await new SQSClient(config).send(new CreateQueueCommand({ QueueName: "dead-letters" }));
  });

  it("a missing grant is denied, and told with role, action and resource", async () => {
    const session = await sessionOf(
      config,
      await createRole(config, "no-scan", allow("dynamodb:GetItem", tableArn)),
    );

    const scan = new DynamoDBClient(session).send(new ScanCommand({ TableName: "mistakes" }));

    await expect(scan).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: `User: arn:aws:sts::${account}:assumed-role/no-scan/session is not authorized to perform: dynamodb:Scan on resource: ${tableArn} because no identity-based policy allows the dynamodb:Scan action`,
    });
    expect(await denied("dynamodb:Scan")).toMatchObject({
      role: `arn:aws:iam::${account}:role/no-scan`,
      resource: tableArn,
      policyType: "identity",
      explicit: false,
    });
  });

  it("a grant on the table does not cover its index", async () => {
    const session = await sessionOf(
      config,
      await createRole(config, "no-index", allow("dynamodb:Query", tableArn)),
    );
    const query = (IndexName?: string) =>
      new DynamoDBClient(session).send(
        new QueryCommand({
          TableName: "mistakes",
          IndexName,
          KeyConditionExpression: "#key = :value",
          ExpressionAttributeNames: { "#key": IndexName ? "owner" : "id" },
          ExpressionAttributeValues: { ":value": { S: "a" } },
        }),
      );

    await expect(query()).resolves.toMatchObject({ Count: 0 });
    await expect(query("by-owner")).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(await denied("dynamodb:Query")).toMatchObject({
      resource: `${tableArn}/index/by-owner`,
      almost: `statement 1 of own allows it on ${tableArn}`,
    });
  });

  it.each([
    ["that trusts another service", { Service: "ecs-tasks.amazonaws.com" }],
    ["that trusts the account only", { AWS: account }],
  ])("a function's role %s cannot be assumed by Lambda", async (title, principal) => {
    const role = await createRole(config, `trust-${title.length}`, { principal });

    await expect(createFunction(config, "mistrusted", role)).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "The role defined for the function cannot be assumed by Lambda.",
    });
    expect(await denied("sts:AssumeRole")).toMatchObject({
      principal: "lambda.amazonaws.com",
      resource: role,
    });
  });

  it("a function's role that does not exist cannot be assumed by Lambda", async () => {
    await expect(
      createFunction(config, "roleless", `arn:aws:iam::${account}:role/renamed`),
    ).rejects.toMatchObject({
      message: "The role defined for the function cannot be assumed by Lambda.",
    });
    expect(await denied("sts:AssumeRole")).toMatchObject({ almost: "the role does not exist" });
  });

  it("a function's role must be able to send to its dead-letter queue", async () => {
    const role = await createRole(config, "no-dead-letters");

    await expect(createFunction(config, "no-dead-letters", role, deadLettersArn)).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "The provided execution role does not have permissions to call SendMessage on SQS",
    });
  });

  it.each([
    ["a queue", () => deadLettersArn, /does not have permissions to call ReceiveMessage on SQS/],
    ["a stream", () => `${tableArn}/stream/2026-01-01T00:00:00.000`, /Cannot access stream .* in IAM/],
  ])("a function's role must be able to read %s that its mapping names", async (title, source, message) => {
    const name = `reader-${title.length}`;
    await createFunction(config, name, await createRole(config, name));

    const mapping = new LambdaClient(config).send(
      new CreateEventSourceMappingCommand({
        FunctionName: name,
        EventSourceArn: source(),
        ...(title === "a stream" && { StartingPosition: "LATEST" }),
      }),
    );

    await expect(mapping).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringMatching(message),
    });
  });

  it("a subscription's role must trust CloudWatch Logs", async () => {
    const logs = new CloudWatchLogsClient(config);
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/mistakes" }));

    const put = logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName: "/mistakes",
        filterName: "lines",
        filterPattern: "",
        destinationArn: arn("firehose", "deliverystream/lines"),
        roleArn: await createRole(config, "not-for-logs", allow("firehose:*", "*")),
      }),
    );

    await expect(put).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringMatching(/Could not deliver test message/),
    });
  });

  it("a queue without a policy gets nothing from a topic", async () => {
    const topic = await createTopic("silent");
    await subscribe(topic, "unreached");

    expect(await received("unreached", topic)).toBeUndefined();
    expect(await denied("sqs:SendMessage")).toMatchObject({
      principal: "sns.amazonaws.com",
      resource: arn("sqs", "unreached"),
      source: topic,
      policyType: "resource",
    });
  });

  it("a queue whose policy names another topic says which condition fails", async () => {
    const topic = await createTopic("one");
    const other = topic.replace(/one$/, "other");
    await subscribe(topic, "other-source", { Condition: { ArnEquals: { "aws:SourceArn": other } } });

    expect(await received("other-source", topic)).toBeUndefined();
    expect(await denied("sqs:SendMessage")).toMatchObject({
      almost: `statement 1 of the resource's policy allows it only if ArnEquals aws:SourceArn ${other}`,
    });
  });

  it("a queue whose policy names the topic gets its messages", async () => {
    const topic = await createTopic("heard");
    await subscribe(topic, "reached", { Condition: { ArnEquals: { "aws:SourceArn": topic } } });

    expect(await received("reached", topic)).toMatchObject({ Body: expect.stringContaining("hello") });
  });

  it("a rule needs a permission on its function", async () => {
    await createFunction(config, "no-rule", await createRole(config, "no-rule"));
    const events = new EventBridgeClient(config);
    await events.send(new PutRuleCommand({ Name: "unpermitted", EventPattern: '{"source":["test"]}' }));
    await events.send(
      new PutTargetsCommand({
        Rule: "unpermitted",
        Targets: [{ Id: "1", Arn: arn("lambda", "function:no-rule") }],
      }),
    );

    await events.send(
      new PutEventsCommand({ Entries: [{ Source: "test", DetailType: "test", Detail: "{}" }] }),
    );

    expect(await denied("lambda:InvokeFunction")).toMatchObject({
      principal: "events.amazonaws.com",
      resource: arn("lambda", "function:no-rule"),
      source: arn("events", "rule/unpermitted"),
    });
  });

  it.each([
    ["no permission", undefined, "live"],
    ["a permission on the function only", { Qualifier: undefined }, "live"],
    ["a permission for another method", { Qualifier: "live", method: "POST" }, "live"],
  ])("an API with %s on its alias returns 500", async (title, permission, alias) => {
    const name = `api-${title.length}`;
    await createFunction(config, name, await createRole(config, name));
    const lambda = new LambdaClient(config);
    await lambda.send(
      new CreateAliasCommand({ FunctionName: name, Name: alias, FunctionVersion: "$LATEST" }),
    );
    const { apiId, url } = await createApi(config, arn("lambda", `function:${name}:${alias}`));
    if (permission) {
      const { method = "GET", Qualifier } = permission as { method?: string; Qualifier?: string };
      await lambda.send(
        new AddPermissionCommand({
          FunctionName: name,
          Qualifier,
          StatementId: "api",
          Action: "lambda:InvokeFunction",
          Principal: "apigateway.amazonaws.com",
          SourceArn: arn("execute-api", `${apiId}/dev/${method}/`),
        }),
      );
    }

    const response = await signedFetch(url);

    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: "Internal server error" });
    expect(await denied("lambda:InvokeFunction")).toMatchObject({
      principal: "apigateway.amazonaws.com",
      resource: arn("lambda", `function:${name}:${alias}`),
      source: arn("execute-api", `${apiId}/dev/GET/`),
    });
  });

  it("a boundary that lacks an action is named", async () => {
    const role = await createRole(config, "bounded", {
      ...allow("dynamodb:*", "*"),
      boundary: [{ Action: "dynamodb:GetItem", Resource: "*" }],
    });

    const scan = new DynamoDBClient(await sessionOf(config, role)).send(
      new ScanCommand({ TableName: "mistakes" }),
    );

    await expect(scan).rejects.toMatchObject({
      message: expect.stringContaining("because no permissions boundary allows the dynamodb:Scan action"),
    });
    expect(await denied("dynamodb:Scan")).toMatchObject({ policyType: "boundary" });
  });

  it("a caller who may only read is refused another method, with the account masked", async () => {
    const name = "method-caller";
    await createFunction(config, name, await createRole(config, name));
    const { apiId, url } = await createApi(config, arn("lambda", `function:${name}`));
    const iam = new IAMClient(config);
    await iam.send(new CreateUserCommand({ UserName: name }));
    const Resource = arn("execute-api", `${apiId}/dev/POST/*`);
    const PolicyDocument = document({ Action: "execute-api:Invoke", Resource });
    await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: "own", PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    const credentials = {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    };

    const response = await signedFetch(url, {}, { credentials });

    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([
      403,
      "AccessDeniedException",
    ]);
    expect(await response.json()).toEqual({
      Message: `User: arn:aws:iam::${account}:user/${name} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:${region}:********0000:${apiId}/dev/GET/ because no identity-based policy allows the execute-api:Invoke action`,
    });
  });

  it("an alarm needs a topic that lets CloudWatch publish", async () => {
    const topic = await createTopic("not-for-alarms");
    const AttributeValue = document({
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "sns:*",
      Resource: topic,
    });
    const attribute = { TopicArn: topic, AttributeName: "Policy", AttributeValue };
    await new SNSClient(config).send(new SetTopicAttributesCommand(attribute));
    const alarms = new CloudWatchClient(config);
    await alarms.send(
      new PutMetricAlarmCommand({
        AlarmName: "unheard",
        AlarmActions: [topic],
        Namespace: "N",
        MetricName: "M",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );

    await alarms.send(
      new SetAlarmStateCommand({ AlarmName: "unheard", StateValue: "ALARM", StateReason: "test" }),
    );

    expect(await denied("sns:Publish")).toMatchObject({
      principal: "cloudwatch.amazonaws.com",
      resource: topic,
      source: arn("cloudwatch", "alarm:unheard"),
    });
  });

  it("a bucket's policy that denies its own writer is named with its statement", async () => {
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "encrypted-only" }));
    const Policy = document({
      Sid: "OnlyEncrypted",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::encrypted-only/*",
      Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" } },
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket: "encrypted-only", Policy }));
    const session = await sessionOf(config, await createRole(config, "writer", allow("s3:*", "*")));
    const writer = new S3Client({ ...session, forcePathStyle: true });
    const put = (encryption?: "AES256") =>
      writer.send(
        new PutObjectCommand({
          Bucket: "encrypted-only",
          Key: "k",
          Body: "b",
          ServerSideEncryption: encryption,
        }),
      );

    await expect(put()).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(put("AES256")).resolves.toBeDefined();
    expect(await denied("s3:PutObject")).toMatchObject({
      explicit: true,
      policyType: "resource",
      statement: "statement OnlyEncrypted",
    });
  });

  it("a bucket cannot notify a queue that does not let S3 send", async () => {
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "notifying" }));
    await new SQSClient(config).send(new CreateQueueCommand({ QueueName: "not-for-s3" }));
    const QueueConfigurations = [
      { QueueArn: arn("sqs", "not-for-s3"), Events: ["s3:ObjectCreated:*" as const] },
    ];

    const put = s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: "notifying",
        NotificationConfiguration: { QueueConfigurations },
      }),
    );

    await expect(put).rejects.toMatchObject({
      name: "InvalidArgument",
      message: expect.stringContaining("Unable to validate the following destination configurations"),
    });
    expect(await denied("sqs:SendMessage")).toMatchObject({ principal: "s3.amazonaws.com" });
  });

  it("a pipeline needs iam:PassRole for the role that it gives to a function", async () => {
    const passed = await createRole(config, "passed");
    const session = await sessionOf(config, await createRole(config, "pipeline", allow("lambda:*", "*")));

    const created = createFunction(session, "deployed", passed);

    await expect(created).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`is not authorized to perform: iam:PassRole on resource: ${passed}`),
    });
  });

  it("a policy that IAM would refuse is malformed", async () => {
    const condition = { StringIs: { "aws:SourceIp": "127.0.0.1" } };

    const created = createRole(config, "malformed", {
      statements: [{ Action: "s3:*", Resource: "*", Condition: condition }],
    });

    await expect(created).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
  });

  it.each([
    ["as it is", (_endpoint: string) => "/_laptop/keys/test"],
    ["with an encoded letter", (_endpoint: string) => "/%5Flaptop/keys/test"],
    ["with an encoded slash", (_endpoint: string) => "/_laptop%2Fkeys/test"],
    ["after the gateway's address", (endpoint: string) => `${endpoint}/_laptop/keys/test`],
    ["after an empty folder", (_endpoint: string) => "//_laptop/keys/test"],
  ])("no one but the emulator's own gateway can ask it for secrets, by a path %s", async (_, pathOf) => {
    const { hostname, port } = new URL(config.endpoint);
    const [status, text] = await new Promise<[number | undefined, string]>((resolve, reject) => {
      http
        .request({ hostname, port, method: "POST", path: pathOf(config.endpoint) }, async (response) =>
          resolve([response.statusCode, Buffer.concat(await response.toArray()).toString()]),
        )
        .on("error", reject)
        .end();
    });

    expect(status).not.toBe(200);
    expect(text).not.toContain("secretAccessKey");
  });

  /** The latest denial of an action. */
  async function denied(action: string) {
    const found = () => emulators.denied.findLast((denial) => denial.action === action);
    return until(`a denial of ${action}`, 5, async () => found());
  }

  function allow(Action: string, Resource: string) {
    return { statements: [{ Action, Resource }] };
  }

  async function createTopic(Name: string): Promise<string> {
    const { TopicArn = "" } = await new SNSClient(config).send(new CreateTopicCommand({ Name }));
    return TopicArn;
  }

  /** @param grant the queue's policy lets SNS send, with these elements. @default it has no policy */
  async function subscribe(TopicArn: string, QueueName: string, grant?: object): Promise<void> {
    const Policy = document({
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn("sqs", QueueName),
      ...grant,
    });
    await new SQSClient(config).send(
      new CreateQueueCommand({ QueueName, ...(grant && { Attributes: { Policy } }) }),
    );
    await new SNSClient(config).send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arn("sqs", QueueName) }),
    );
  }

  async function received(queue: string, TopicArn: string) {
    await new SNSClient(config).send(new PublishCommand({ TopicArn, Message: "hello" }));
    const QueueUrl = `${config.endpoint}/${account}/${queue}`;
    const { Messages: [message] = [] } = await new SQSClient(config).send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }),
    );
    return message;
  }
});
