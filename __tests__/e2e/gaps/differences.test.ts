import { readFileSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import { gzipSync } from "node:zlib";
import {
  APIGatewayClient,
  CreateBasePathMappingCommand,
  CreateDomainNameCommand,
  GetBasePathMappingCommand,
  GetIntegrationCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateFunctionCommand,
  GetAccountSettingsCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { zipOf } from "../../support/zip";
import { type RequestToSign, signedFetch, signedHeaders } from "../signed-fetch";
import { until } from "../until";
import { account, region, useEmulators } from "./emulators";
import { letInvoke } from "./permission";
import { createProbedApi, deadLetters, functionName, type ProbedApi } from "./probed-api";

/** Rows that the tests of a gap or a patch hold, by the title of a test that calls the bare emulator. */
const heldElsewhere: Readonly<Record<string, readonly [file: string, title: string]>> = {
  "Embedded metrics (EMF)": ["embedded-metrics.test.ts", "MiniStack"],
  "X-Ray": ["x-ray.test.ts", "MiniStack"],
  Alarms: ["alarms.test.ts", "MiniStack"],
  "Requests that break a service's model": ["service-models.test.ts", "MiniStack"],
};

const [table = ""] =
  /^## How it differs from AWS$.*?(?=^## )/ms.exec(readFileSync("docs/local-aws.md", "utf8")) ?? [];
const topics = [...table.matchAll(/^\| (.+?) \| .* \| .* \|$/gm)]
  .map(([, topic = ""]) => topic)
  .filter((topic) => !/^(topic|---)$/.test(topic));

/**
 * Each row of the table in docs/local-aws.md, on the bare emulator. A probe fails when MiniStack begins to do what AWS does:
 * remove the row then.
 */
describe("the emulator's differences from AWS", () => {
  const emulators = useEmulators();
  const alias = { FunctionName: functionName, Qualifier: "live" };
  let api: ProbedApi;
  let lambda: LambdaClient;
  let iam: IAMClient;
  let gateway: APIGatewayClient;
  let s3: S3Client;

  beforeAll(async () => {
    api = await createProbedApi(emulators.bare);
    lambda = new LambdaClient(emulators.bare);
    iam = new IAMClient(emulators.bare);
    gateway = new APIGatewayClient(emulators.bare);
    s3 = new S3Client({ ...emulators.bare, forcePathStyle: true });
  });

  const echo = async (request: RequestToSign = {}, query = "") => {
    const response = await signedFetch(`${api.url}/echo${query}`, request);
    const text = await response.text();
    return { response, echoed: response.ok ? JSON.parse(text) : text };
  };
  const invoke = async (event: object, type: "Event" | "RequestResponse" = "RequestResponse") => {
    const Payload = Buffer.from(JSON.stringify(event));
    const result = await lambda.send(new InvokeCommand({ ...alias, InvocationType: type, Payload }));
    if (type === "Event") return {};
    return JSON.parse(JSON.parse(Buffer.from(result.Payload ?? []).toString()).body);
  };

  const createRole = (RoleName: string, Principal: Readonly<Record<string, string>>) => {
    const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: trust });
    return iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  };

  /** A session of a new role, which has no policy at first. */
  const sessionOf = async (RoleName: string) => {
    await createRole(RoleName, { AWS: `arn:aws:iam::${account}:root` });
    const { Credentials } = await new STSClient(emulators.bare).send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${account}:role/${RoleName}`,
        RoleSessionName: "probe",
      }),
    );
    const credentials = {
      accessKeyId: `${Credentials?.AccessKeyId}`,
      secretAccessKey: `${Credentials?.SecretAccessKey}`,
      sessionToken: `${Credentials?.SessionToken}`,
    };
    const dynamo = new DynamoDBClient({ ...emulators.bare, credentials });
    const put = (Effect: "Allow" | "Deny") => {
      const PolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: { Effect, Action: "*", Resource: "*" },
      });
      return iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: Effect, PolicyDocument }));
    };
    return { put, listTables: () => dynamo.send(new ListTablesCommand({})) };
  };

  const probes: Readonly<Record<string, () => Promise<void>>> = {
    "API's address": async () => {
      expect((await echo()).response.status).toBe(200);
    },

    "Account and Regions": async () => {
      const { Account } = await new STSClient(emulators.bare).send(new GetCallerIdentityCommand({}));
      const tablesIn = async (Region: string) => {
        const { TableNames } = await new DynamoDBClient({ ...emulators.bare, region: Region }).send(
          new ListTablesCommand({}),
        );
        return TableNames;
      };
      await createTable("regional");

      expect(Account).toBe(account);
      expect([await tablesIn(region), await tablesIn("us-east-1")]).toEqual([["regional"], []]);
    },

    "Request signature": async () => {
      const statuses = ["test", account, "another"].map(async (accessKeyId) => {
        const credentials = { accessKeyId, secretAccessKey: "test" };
        return (await signedFetch(`${api.url}/echo`, {}, { credentials })).status;
      });
      const { status: unsigned } = await fetch(`${api.url}/echo`);

      expect([...(await Promise.all(statuses)), unsigned]).toEqual([200, 200, 403, 403]);
    },

    "IAM policies": async () => {
      const { listTables } = await sessionOf("without-policy");

      await expect(listTables()).rejects.toMatchObject({ name: "AccessDeniedException" });
    },

    "IAM's propagation delay": async () => {
      const { listTables, put } = await sessionOf("changing");

      await put("Allow");
      const listed = await listTables();
      await put("Deny");

      expect(listed.$metadata.httpStatusCode).toBe(200);
      await expect(listTables()).rejects.toMatchObject({ name: "AccessDeniedException" });
    },

    "TLS-only policies": async () => {
      const Bucket = "tls-only";
      const Condition = { Bool: { "aws:SecureTransport": "false" } };
      const statement = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition };
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(
        new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement: [statement] }) }),
      );

      const object = { Bucket, Key: "a", Body: "a" };
      const overTls = new S3Client({ ...emulators.withGaps, forcePathStyle: true });
      const { $metadata } = await overTls.send(new PutObjectCommand(object));

      expect($metadata.httpStatusCode).toBe(200);
      await expect(s3.send(new PutObjectCommand(object))).rejects.toMatchObject({ name: "AccessDenied" });
    },

    "Functions' `arm64` and memory": async () => {
      expect(await invoke({ megabytes: 400 })).toMatchObject({ architecture: os.arch() });
    },

    "Concurrency quota": async () => {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
      const reserve = (ReservedConcurrentExecutions: number) =>
        lambda.send(
          new PutFunctionConcurrencyCommand({ FunctionName: functionName, ReservedConcurrentExecutions }),
        );

      expect(AccountLimit?.ConcurrentExecutions).toBe(1_000);
      await expect(reserve(901)).rejects.toThrow();
    },

    "Provisioned concurrency": async () => {
      await lambda.send(
        new PutProvisionedConcurrencyConfigCommand({ ...alias, ProvisionedConcurrentExecutions: 1 }),
      );
      const stored = await lambda.send(new GetProvisionedConcurrencyConfigCommand(alias));

      expect(stored.RequestedProvisionedConcurrentExecutions).toBe(1);
      expect(await invoke({})).toMatchObject({ initialization: "on-demand" });
    },

    "Log subscriptions that invoke an alias": async () => {
      const logs = new CloudWatchLogsClient(emulators.bare);
      const group = { logGroupName: "subscribed" };
      const stream = { ...group, logStreamName: "stream" };
      await logs.send(new CreateLogGroupCommand(group));
      await logs.send(new CreateLogStreamCommand(stream));
      const destinationArn = `arn:aws:lambda:${region}:${account}:function:${functionName}:live`;
      await letInvoke(emulators.bare, destinationArn, "logs.amazonaws.com");
      await logs.send(
        new PutSubscriptionFilterCommand({ ...group, filterName: "all", filterPattern: "", destinationArn }),
      );
      const logEvents = [{ timestamp: Date.now(), message: "a line" }];
      await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));

      await until("the invocation", 20, async () => (await attempts("undefined of $LATEST")).length > 0);
    },

    "Repeated query parameter": async () => {
      const { echoed } = await echo({}, "?a=first&a=last");

      expect(echoed.queryStringParameters).toEqual({ a: "first" });
    },

    "Compressed request body": async () => {
      const headers = { "content-type": "application/json" };
      const post = async (body: string | Uint8Array<ArrayBuffer>, more = {}) =>
        (await signedFetch(`${api.url}/model`, { method: "POST", headers: { ...headers, ...more }, body }))
          .status;

      expect([
        await post("{}"),
        await post(new Uint8Array(gzipSync("{}")), { "content-encoding": "gzip" }),
      ]).toEqual([200, 400]);
    },

    "Request body over 10 MB, or over Lambda's 6 MB": async () => {
      const { echoed } = await echo({ method: "POST", body: "x".repeat(11_000_000) });

      expect(echoed.length).toBe(11_000_000);
    },

    "Header names in an event": async () => {
      // fetch would send them in lower case.
      const headers = { ...(await signedHeaders(`${api.url}/echo`)), "X-Mixed-Case": "yes" };
      const body = await new Promise<string>((resolve, reject) => {
        http
          .get(`${api.url}/echo`, { headers }, async (response) =>
            resolve(Buffer.concat(await response.toArray()).toString()),
          )
          .on("error", reject);
      });

      expect(Object.keys(JSON.parse(body).headers)).toContain("x-mixed-case");
    },

    "`requestId` and `x-amzn-requestid`": async () => {
      const { response, echoed } = await echo();

      expect(response.headers.get("x-amzn-requestid")).toMatch(/./);
      expect(echoed.requestId).toMatch(/./);
      expect(response.headers.get("x-amzn-requestid")).not.toBe(echoed.requestId);
    },

    "Retries of an asynchronous invocation": async () => {
      const marker = `retried-${Date.now()}`;
      await invoke({ fail: true, marker }, "Event");

      await until("three attempts", 20, async () => (await attempts(marker)).length === 3);
      const times = await attempts(marker);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(5_000);
    },

    "Messages in a Lambda dead-letter queue": async () => {
      const event = { fail: true, marker: "letter" };
      await invoke(event, "Event");
      const sqs = new SQSClient(emulators.bare);
      const QueueUrl = `${emulators.bare.endpoint}/${account}/${deadLetters}`;
      const { Messages: [message] = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, MessageAttributeNames: ["All"] }),
      );

      expect(JSON.parse(message?.Body ?? "")).not.toEqual(event);
      expect(message?.MessageAttributes).toBeUndefined();
    },

    "Log streams": async () => {
      const markers = ["one", "two"].map((name) => `${name}-${Date.now()}`);
      for (const marker of markers) await invoke({ marker });
      const streamOf = async (marker: string) => (await invocations(marker))[0]?.logStreamName;
      await until("both lines", 20, async () => (await invocations(markers[1] ?? "")).length > 0);

      const streams = await Promise.all(markers.map(streamOf));

      expect(streams).toEqual([expect.any(String), expect.any(String)]);
      expect(new Set(streams).size).toBe(2);
    },

    "Execution logs of API Gateway": async () => {
      const { restApiId } = api;
      const patchOperations = [{ op: "replace" as const, path: "/*/*/logging/loglevel", value: "INFO" }];
      await gateway.send(new UpdateStageCommand({ restApiId, stageName: "live", patchOperations }));
      await echo();

      const { logGroups } = await new CloudWatchLogsClient(emulators.bare).send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: "API-Gateway-Execution-Logs" }),
      );

      expect(logGroups ?? []).toEqual([]);
    },

    "Metrics of DynamoDB and Firehose": async () => {
      const cloudWatch = new CloudWatchClient(emulators.bare);
      await createTable("unmeasured");

      for (const Namespace of ["AWS/DynamoDB", "AWS/Firehose"]) {
        const { Metrics } = await cloudWatch.send(new ListMetricsCommand({ Namespace }));
        expect(Metrics ?? []).toEqual([]);
      }
    },

    "Custom domain mapped to the root path": async () => {
      const domainName = "api.example.com";
      const endpointConfiguration = { types: ["REGIONAL" as const] };
      await gateway.send(new CreateDomainNameCommand({ domainName, endpointConfiguration }));
      // As Terraform's provider sends and reads it.
      const mapping = { domainName, restApiId: api.restApiId, stage: "live", basePath: "" };
      await gateway.send(new CreateBasePathMappingCommand(mapping));

      const read = gateway.send(new GetBasePathMappingCommand({ domainName, basePath: "(none)" }));

      await expect(read).rejects.toThrow();
    },

    "Mock integrations, such as CORS preflights": async () => {
      const { restApiId, mockResourceId: resourceId } = api;
      const integration = await gateway.send(
        new GetIntegrationCommand({ restApiId, resourceId, httpMethod: "GET" }),
      );

      expect(integration).toMatchObject({ type: "MOCK", httpMethod: "POST" });
    },

    "Point-in-time recovery, encryption at rest": async () => {
      const kms = new KMSClient(emulators.bare);
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      const object = { Bucket: "encrypted", Key: "a" };
      await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
      await s3.send(
        new PutObjectCommand({
          ...object,
          Body: "plain",
          ServerSideEncryption: "aws:kms",
          SSEKMSKeyId: KeyMetadata?.KeyId,
        }),
      );
      await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
      const TableName = await createTable("recoverable");
      const dynamoDb = new DynamoDBClient(emulators.bare);
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await dynamoDb.send(
        new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }),
      );

      const { Body, SSEKMSKeyId } = await s3.send(new GetObjectCommand(object));
      const { ContinuousBackupsDescription } = await dynamoDb.send(
        new DescribeContinuousBackupsCommand({ TableName }),
      );

      expect([SSEKMSKeyId, await Body?.transformToString()]).toEqual([expect.stringMatching(/./), "plain"]);
      expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
        "ENABLED",
      );
    },

    "Propagation delays": async () => {
      const FunctionName = "immediate";
      const { Role } = await createRole("created-a-moment-ago", { Service: "lambda.amazonaws.com" });
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role: Role?.Arn,
          Runtime: "nodejs22.x",
          Handler: "index.handler",
          Code: { ZipFile: zipOf("index.js", "exports.handler = async () => 1;") },
        }),
      );

      const { StatusCode } = await lambda.send(new InvokeCommand({ FunctionName }));

      expect(StatusCode).toBe(200);
    },
  };

  it("are the rows of the table in docs/local-aws.md", () => {
    expect(topics.length).toBeGreaterThan(20);
    expect([...Object.keys(probes), ...Object.keys(heldElsewhere)].sort()).toEqual([...topics].sort());
  });

  it.each(Object.entries(heldElsewhere))("%s: its tests call the bare emulator too", (_, [file, title]) => {
    const text = readFileSync(`__tests__/e2e/gaps/${file}`, "utf8");

    expect([text.includes("emulators.bare"), text.includes(title)]).toEqual([true, true]);
  });

  it.each(Object.keys(probes))("%s", (topic) => probes[topic]?.());

  async function createTable(TableName: string): Promise<string> {
    await new DynamoDBClient(emulators.bare).send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
    return TableName;
  }

  /** When the function was invoked with an event of this marker, in milliseconds since the epoch. */
  async function attempts(marker: string): Promise<readonly number[]> {
    return (await invocations(marker)).map(({ timestamp = 0 }) => timestamp);
  }

  /** The lines that the function logs when it is invoked with an event of this marker. */
  async function invocations(marker: string): Promise<readonly FilteredLogEvent[]> {
    const { events = [] } = await new CloudWatchLogsClient(emulators.bare).send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }),
    );
    return events.filter(({ message = "" }) => message.includes(`invoked ${marker}`));
  }
});
