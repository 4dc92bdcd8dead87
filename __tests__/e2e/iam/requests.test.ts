import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteResourcePolicyCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  RemovePermissionCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateKeyCommand,
  type CreateKeyCommandOutput,
  EncryptCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { account, type ClientConfig, useEmulators } from "../gaps/emulators";
import { createRole, document, type Statement, sessionOf } from "./account";
import { arnOf as arn, createFunction, createTable } from "./resources";

const items = arn("dynamodb", "table/items");
const others = arn("dynamodb", "table/others");
const key = (id: string) => ({ id: { S: id } });

/** What IAM is asked about: the action, the resources, the condition keys and the resource's policy of a request. */
describe("a request", () => {
  const emulators = useEmulators();
  let config: ClientConfig;
  let sessions = 0;

  beforeAll(async () => {
    config = emulators.withGaps;
    for (const name of ["items", "others"]) await createTable(config, name);
  });

  it("for two tables needs both", async () => {
    const dynamo = await dynamoWith({ Action: "dynamodb:BatchGetItem", Resource: items });
    const get = (...tables: string[]) =>
      dynamo.send(
        new BatchGetItemCommand({
          RequestItems: Object.fromEntries(tables.map((table) => [table, { Keys: [key("a")] }])),
        }),
      );

    await expect(get("items")).resolves.toBeDefined();
    await expect(get("items", "others")).rejects.toMatchObject(
      refused(`dynamodb:BatchGetItem on resource: ${others}`),
    );
  });

  it("in a transaction needs the action of each item", async () => {
    const dynamo = await dynamoWith({ Action: "dynamodb:PutItem", Resource: items });
    const put = { Put: { TableName: "items", Item: key("a") } };
    const condition = "attribute_not_exists(id)";
    const check = { ConditionCheck: { TableName: "items", Key: key("b"), ConditionExpression: condition } };
    const write = (...TransactItems: object[]) =>
      dynamo.send(new TransactWriteItemsCommand({ TransactItems }));

    await expect(write(put)).resolves.toBeDefined();
    await expect(write(put, check)).rejects.toMatchObject(refused("dynamodb:ConditionCheckItem"));
  });

  it("in PartiQL needs the action of its statement, on its table or index", async () => {
    const dynamo = await dynamoWith({ Action: "dynamodb:PartiQLSelect", Resource: items });
    const execute = (Statement: string) => dynamo.send(new ExecuteStatementCommand({ Statement }));

    await expect(execute(`SELECT * FROM "items" WHERE id='a'`)).resolves.toBeDefined();
    await expect(execute(`select id from items where id='a'`)).resolves.toBeDefined();
    for (const [statement, needed] of [
      [`DELETE FROM "items" WHERE id='a'`, `dynamodb:PartiQLDelete on resource: ${items}`],
      [`UPDATE items SET x=1 WHERE id='a'`, `dynamodb:PartiQLUpdate on resource: ${items}`],
      [`INSERT INTO "items" VALUE {'id':'a'}`, `dynamodb:PartiQLInsert on resource: ${items}`],
      [`SELECT * FROM "others" WHERE id='a'`, `dynamodb:PartiQLSelect on resource: ${others}`],
      [`SELECT * FROM "items"."by-owner"`, `dynamodb:PartiQLSelect on resource: ${items}/index/by-owner`],
    ] as const)
      await expect(execute(statement)).rejects.toMatchObject(refused(needed));
  });

  it("that names its table by ARN is about that table", async () => {
    const dynamo = await dynamoWith({ Action: "dynamodb:ListTagsOfResource", Resource: items });
    const tags = (ResourceArn: string) => dynamo.send(new ListTagsOfResourceCommand({ ResourceArn }));

    await expect(tags(items)).resolves.toBeDefined();
    await expect(tags(others)).rejects.toMatchObject(refused("dynamodb:ListTagsOfResource"));
  });

  describe("for items, with a condition on dynamodb:LeadingKeys", () => {
    let dynamo: DynamoDBClient;

    beforeAll(async () => {
      dynamo = await dynamoWith({
        Action: "dynamodb:*",
        Resource: "*",
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["mine"] } },
      });
    });

    const table = { TableName: "items" };
    const batch = (id: string) => ({ RequestItems: { items: [{ PutRequest: { Item: key(id) } }] } });

    it.each<[string, (id: string) => Promise<unknown>]>([
      ["GetItem", (id) => dynamo.send(new GetItemCommand({ ...table, Key: key(id) }))],
      ["PutItem", (id) => dynamo.send(new PutItemCommand({ ...table, Item: key(id) }))],
      ["BatchWriteItem", (id) => dynamo.send(new BatchWriteItemCommand(batch(id)))],
      [
        "BatchGetItem",
        (id) => dynamo.send(new BatchGetItemCommand({ RequestItems: { items: { Keys: [key(id)] } } })),
      ],
      [
        "TransactWriteItems",
        (id) =>
          dynamo.send(
            new TransactWriteItemsCommand({ TransactItems: [{ Delete: { ...table, Key: key(id) } }] }),
          ),
      ],
      [
        "Query",
        (id) =>
          dynamo.send(
            new QueryCommand({
              ...table,
              KeyConditionExpression: "#id = :id",
              ExpressionAttributeNames: { "#id": "id" },
              ExpressionAttributeValues: { ":id": { S: id } },
            }),
          ),
      ],
      [
        "Query of an index",
        (id) =>
          dynamo.send(
            new QueryCommand({
              ...table,
              IndexName: "by-owner",
              KeyConditions: { owner: { ComparisonOperator: "EQ", AttributeValueList: [{ S: id }] } },
            }),
          ),
      ],
    ])("is refused for others' items: %s", async (_, call) => {
      await expect(call("mine")).resolves.toBeDefined();
      await expect(call("yours")).rejects.toMatchObject(refused("dynamodb:"));
    });

    it("is allowed without keys, as for Scan", async () => {
      await expect(dynamo.send(new ScanCommand(table))).resolves.toBeDefined();
    });
  });

  it("for a table follows the table's policy", async () => {
    const role = await createRole(config, "named", {
      statements: [{ Action: "dynamodb:PutItem", Resource: "*" }],
    });
    const dynamo = new DynamoDBClient(await sessionOf(config, role));
    const root = new DynamoDBClient(config);
    const put = (...statements: Statement[]) =>
      root.send(new PutResourcePolicyCommand({ ResourceArn: items, Policy: document(...statements) }));
    const byRole = { Principal: { AWS: role }, Resource: items };
    const get = () => dynamo.send(new GetItemCommand({ TableName: "items", Key: key("a") }));
    const write = () => dynamo.send(new PutItemCommand({ TableName: "items", Item: key("a") }));

    await put(
      { ...byRole, Action: "dynamodb:GetItem" },
      { ...byRole, Sid: "ReadOnly", Effect: "Deny", Action: "dynamodb:PutItem" },
    );

    await expect(get()).resolves.toBeDefined();
    await expect(write()).rejects.toMatchObject({
      message: expect.stringContaining("with an explicit deny in a resource-based policy"),
    });
    expect(emulators.denied.at(-1)).toMatchObject({ explicit: true, statement: "statement ReadOnly" });

    await root.send(new DeleteResourcePolicyCommand({ ResourceArn: items }));

    await expect(get()).rejects.toMatchObject(refused("dynamodb:GetItem"));
    await expect(write()).resolves.toBeDefined();
  });

  it("of an event bus follows the bus's policy, also from another account", async () => {
    const bus = arn("events", "event-bus/default");
    const root = new EventBridgeClient(config);
    const role = await createRole(config, "publisher", {
      statements: [{ Action: "events:*", Resource: "*" }],
    });
    const foreign = { ...config, credentials: { accessKeyId: "222222222222", secretAccessKey: "test" } };
    const publish = (given: ClientConfig) =>
      new EventBridgeClient(given).send(
        new PutEventsCommand({
          Entries: [{ EventBusName: bus, Source: "test", DetailType: "test", Detail: "{}" }],
        }),
      );
    const own = await sessionOf(config, role);
    await expect(publish(own)).resolves.toBeDefined();
    await expect(publish(foreign)).rejects.toMatchObject(refusedTo("events:PutEvents"));

    const statements = [
      { Principal: { AWS: "222222222222" }, Action: "events:PutEvents", Resource: bus },
      { Effect: "Deny", Principal: { AWS: role }, Action: "events:PutEvents", Resource: bus },
    ];
    await root.send(new PutPermissionCommand({ EventBusName: "default", Policy: document(...statements) }));

    await expect(publish(foreign)).resolves.toBeDefined();
    await expect(publish(own)).rejects.toMatchObject(refusedTo("events:PutEvents"));

    await root.send(new RemovePermissionCommand({ EventBusName: "default", RemoveAllPermissions: true }));
    const permission = { StatementId: "foreign", Action: "events:PutEvents", Principal: "222222222222" };
    await root.send(new PutPermissionCommand(permission));

    await expect(publish(foreign)).resolves.toBeDefined();
    await expect(publish(own)).resolves.toBeDefined();
  });

  it("of KMS needs the key's policy, which can leave it to the account's", async () => {
    const kms = new KMSClient(config);
    const Policy = document({
      Principal: { AWS: `arn:aws:iam::${account}:user/admin` },
      Action: "kms:*",
      Resource: "*",
    });
    const closed = await kms.send(new CreateKeyCommand({ Policy, BypassPolicyLockoutSafetyCheck: true }));
    const open = await kms.send(new CreateKeyCommand({}));
    const encrypt = (given: ClientConfig, { KeyMetadata }: CreateKeyCommandOutput) =>
      new KMSClient(given).send(
        new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from("x") }),
      );
    const holder = await session({ Action: "kms:*", Resource: "*" });

    await expect(encrypt(holder, open)).resolves.toBeDefined();
    await expect(encrypt(holder, closed)).rejects.toMatchObject(refused("kms:Encrypt"));
    expect(emulators.denied.at(-1)).toMatchObject({ policyType: "resource", explicit: false });
    await expect(encrypt(await session(), open)).rejects.toMatchObject(refused("kms:Encrypt"));
  });

  it("for parameters is about each of them, or their path", async () => {
    for (const Name of ["/app/a", "/app/b"])
      await new SSMClient(config).send(new PutParameterCommand({ Name, Type: "String", Value: "x" }));
    const statements = [
      { Action: "ssm:GetParametersByPath", Resource: arn("ssm", "parameter/app") },
      { Action: "ssm:GetParameters", Resource: arn("ssm", "parameter/app/a") },
    ];
    const ssm = new SSMClient(await session(...statements));
    const byPath = (Path: string) => ssm.send(new GetParametersByPathCommand({ Path }));
    const byName = (...Names: string[]) => ssm.send(new GetParametersCommand({ Names }));

    await expect(byPath("/app/")).resolves.toBeDefined();
    await expect(byName("/app/a")).resolves.toBeDefined();
    await expect(byPath("/other")).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(byName("/app/a", "/app/b")).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it.each<[string, number, (config: ClientConfig) => Promise<unknown>]>([
    ["DynamoDB", 400, (given) => new DynamoDBClient(given).send(new ScanCommand({ TableName: "items" }))],
    ["Lambda", 403, (given) => new LambdaClient(given).send(new ListFunctionsCommand({}))],
  ])("that is denied has the status of its protocol: %s", async (_, httpStatusCode, call) => {
    await expect(call(await session())).rejects.toMatchObject({
      name: "AccessDeniedException",
      $metadata: { httpStatusCode },
    });
  });

  it("to notify a function needs a permission for S3", async () => {
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "notifying" }));
    await createFunction(config, "notified", await createRole(config, "notified"));
    const LambdaFunctionArn = arn("lambda", "function:notified");
    const LambdaFunctionConfigurations = [{ LambdaFunctionArn, Events: ["s3:ObjectCreated:*" as const] }];

    const put = s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: "notifying",
        NotificationConfiguration: { LambdaFunctionConfigurations },
      }),
    );

    await expect(put).rejects.toMatchObject({
      name: "InvalidArgument",
      message: `Unable to validate the following destination configurations: ${LambdaFunctionArn}`,
    });
  });

  async function session(...statements: readonly Statement[]): Promise<ClientConfig> {
    sessions += 1;
    return sessionOf(config, await createRole(config, `session-${sessions}`, { statements }));
  }

  async function dynamoWith(...statements: readonly Statement[]): Promise<DynamoDBClient> {
    return new DynamoDBClient(await session(...statements));
  }

  function refusedTo(action: string) {
    return { message: expect.stringContaining(`is not authorized to perform: ${action} on resource: `) };
  }

  /** The error of a call that IAM denies, with some of AWS's message. */
  function refused(needed: string) {
    const user = `User: arn:aws:sts::${account}:assumed-role/`;
    return { name: "AccessDeniedException", message: expect.stringMatching(`^${user}.*${needed}`) };
  }
});
