import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { venvPython } from "../../../packages/laptop/set-up/tools";
import { zipOf } from "../../support/zip";
import { until } from "../until";
import { account, expectGap, region, useEmulators } from "./emulators";

describe("stream mapping", () => {
  const emulators = useEmulators();

  const TableName = "gaps-changes";
  const logGroupName = "/aws/lambda/gaps-stream";
  const FunctionName = `arn:aws:lambda:${region}:${account}:function:gaps-stream:live`;
  const settings = {
    FunctionName,
    StartingPosition: "TRIM_HORIZON" as const,
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 1,
    FunctionResponseTypes: ["ReportBatchItemFailures" as const],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 1,
    MaximumRecordAgeInSeconds: 3_600,
    ParallelizationFactor: 1,
    FilterCriteria: {
      Filters: [{ Pattern: '{"dynamodb":{"Keys":{"id":{"S":[{"anything-but":["left-out"]}]}}}}' }],
    },
    DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:${region}:${account}:gaps-discarded` } },
  };
  let EventSourceArn: string | undefined;
  let UUID: string | undefined;

  beforeAll(async () => {
    const { TableDescription } = await new DynamoDBClient(emulators.bare).send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      }),
    );
    EventSourceArn = TableDescription?.LatestStreamArn;
    await new SQSClient(emulators.bare).send(new CreateQueueCommand({ QueueName: "gaps-discarded" }));
    await new CloudWatchLogsClient(emulators.bare).send(new CreateLogGroupCommand({ logGroupName }));
    await createStreamFunction(new LambdaClient(emulators.bare));
  });

  it("does not retry partial failures in MiniStack", async () => {
    const lambda = new LambdaClient(emulators.bare);
    const mapping = await lambda.send(new CreateEventSourceMappingCommand({ ...settings, EventSourceArn }));
    await write("bare-1", "bare-poison", "bare-2");
    await until("the poison record was delivered", 30, async () => (await delivered("bare-poison")) > 0);
    await write("bare-3");
    await until("the next record was delivered", 30, async () => (await delivered("bare-3")) > 0);

    const again = await delivered("bare-poison");
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID: mapping.UUID }));

    expectGap(again > 1, "stream-mapping");
  });

  it("loses its stream in MiniStack when that stops", async () => {
    const program = "from ministack.services import dynamodb; print(*dynamodb.get_state())";
    const { stdout } = await promisify(execFile)(venvPython, ["-c", program]);

    expect(stdout).toContain("tables");
    if (/stream/.test(stdout)) throw new Error("MiniStack now keeps streams itself: remove kept_streams.py");
  });

  it("reads back as it was put", async () => {
    const lambda = new LambdaClient(emulators.withGaps);
    const { FunctionName: FunctionArn, ...attributes } = settings;

    const created = await lambda.send(
      new CreateEventSourceMappingCommand({ ...settings, EventSourceArn, StartingPosition: "LATEST" }),
    );
    UUID = created.UUID;
    const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn }));
    const held = await new LambdaClient(emulators.bare).send(new GetEventSourceMappingCommand({ UUID }));

    const whole = {
      ...attributes,
      EventSourceArn,
      FunctionArn,
      StartingPosition: "LATEST",
      State: "Enabled",
    };
    expect(created).toMatchObject(whole);
    expect(EventSourceMappings).toEqual([expect.objectContaining(whole)]);
    expect(held.State).toBe("Disabled");
  });

  it("delivers records written after its creation, except those that its filter rejects, in one batch", async () => {
    await write("a-1", "left-out", "a-2", "a-3");
    await until("the batch was delivered", 30, async () => (await delivered("a-3")) > 0);

    expect((await batches()).filter(([first]) => first?.startsWith("a-"))).toEqual([["a-1", "a-2", "a-3"]]);
    expect(await delivered("left-out")).toBe(0);
    expect(await delivered("bare-3")).toBe(1);
  });

  it("sends a poison record to the failure destination, and its neighbours to the function", async () => {
    await write("b-1", "b-poison", "b-2");
    const message = await discarded();

    const { requestContext, responseContext, DDBStreamBatchInfo, ...rest } = JSON.parse(
      message?.Body ?? "{}",
    );
    expect(requestContext).toEqual({
      requestId: expect.any(String),
      functionArn: FunctionName,
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 2,
    });
    expect(responseContext).toEqual({ statusCode: 200, executedVersion: "1" });
    expect(rest).toEqual({ version: "1.0", timestamp: expect.any(String) });
    const sequenceNumber = await sequenceNumberOf("b-poison");
    expect(DDBStreamBatchInfo).toEqual({
      shardId: expect.any(String),
      startSequenceNumber: sequenceNumber,
      endSequenceNumber: sequenceNumber,
      approximateArrivalOfFirstRecord: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      approximateArrivalOfLastRecord: expect.stringMatching(/Z$/),
      batchSize: 1,
      streamArn: EventSourceArn,
    });
    await until("the records after it were delivered separately", 30, async () =>
      (await batches()).some((ids) => ids.join() === "b-2"),
    );
    expect(await delivered("b-1")).toBe(1);
  });

  it("splits a batch in which the function throws, and discards only the record at fault", async () => {
    await write("c-1", "c-throw", "c-2");
    const message = await discarded();

    const { responseContext, DDBStreamBatchInfo } = JSON.parse(message?.Body ?? "{}");
    expect(responseContext).toMatchObject({ functionError: "Unhandled" });
    expect(DDBStreamBatchInfo).toMatchObject({
      batchSize: 1,
      startSequenceNumber: await sequenceNumberOf("c-throw"),
    });
    await until("its neighbours were delivered separately", 30, async () =>
      (await batches()).some((ids) => ids.join() === "c-2"),
    );
  });

  it("can be updated while a batch is retried indefinitely", async () => {
    const lambda = new LambdaClient(emulators.withGaps);
    const unlimited = { MaximumRetryAttempts: -1, BisectBatchOnFunctionError: false };
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...unlimited }));
    await write("e-throw", "e-1");
    await until("it was retried more than 3 times", 30, async () => (await delivered("e-throw")) > 3);

    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, MaximumRetryAttempts: 0 }));
    const message = await discarded();

    expect(JSON.parse(message?.Body ?? "{}")).toMatchObject({
      requestContext: { approximateInvokeCount: 1 },
      DDBStreamBatchInfo: { batchSize: 2, startSequenceNumber: await sequenceNumberOf("e-throw") },
    });
  });

  it("continues from its checkpoint after it was disabled and the emulator was restarted", async () => {
    await new LambdaClient(emulators.withGaps).send(
      new UpdateEventSourceMappingCommand({ UUID, Enabled: false }),
    );
    await write("d-1", "d-2");
    await emulators.restartEmulator();
    const lambda = new LambdaClient(emulators.withGaps);
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    const before = await delivered("d-1");

    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await until(
      "the records written in the meantime were delivered",
      30,
      async () => (await delivered("d-2")) > 0,
    );

    expect([State, before]).toEqual(["Disabled", 0]);
    expect((await batches()).filter(([first]) => first?.startsWith("d-"))).toEqual([["d-1", "d-2"]]);
    expect(await delivered("a-1")).toBe(1);
  });

  it("stops when its mapping is deleted", async () => {
    const lambda = new LambdaClient(emulators.withGaps);
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));

    const read = lambda.send(new GetEventSourceMappingCommand({ UUID }));

    await expect(read).rejects.toThrow(ResourceNotFoundException);
  });

  async function write(...ids: readonly string[]): Promise<void> {
    await new DynamoDBClient(emulators.withGaps).send(
      new TransactWriteItemsCommand({
        TransactItems: ids.map((id) => ({ Put: { TableName, Item: { id: { S: id } } } })),
      }),
    );
  }

  /** The keys of each batch, in order of delivery. */
  async function batches(): Promise<readonly (readonly string[])[]> {
    const { events = [] } = await new CloudWatchLogsClient(emulators.withGaps).send(
      new FilterLogEventsCommand({ logGroupName }),
    );
    return events.flatMap(({ message }) => {
      const batch = /batch (\[.*\])/.exec(message ?? "")?.[1];
      return batch ? [Object.keys(Object.fromEntries(JSON.parse(batch)))] : [];
    });
  }

  async function sequenceNumberOf(id: string): Promise<string | undefined> {
    const { events = [] } = await new CloudWatchLogsClient(emulators.withGaps).send(
      new FilterLogEventsCommand({ logGroupName }),
    );
    const pair = new RegExp(`\\["${id}","(\\d+)"\\]`);
    return events.map(({ message }) => pair.exec(message ?? "")?.[1]).find(Boolean);
  }

  async function delivered(id: string): Promise<number> {
    return (await batches()).filter((ids) => ids.includes(id)).length;
  }

  async function discarded(): Promise<Message | undefined> {
    const QueueUrl = `${emulators.withGaps.endpoint}/${account}/gaps-discarded`;
    const sqs = new SQSClient(emulators.withGaps);
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }),
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    return message;
  }
});

/** Creates a stream function: a key that ends in "poison" fails on its own, one that ends in "throw" with its whole batch. */
async function createStreamFunction(client: LambdaClient): Promise<void> {
  const source = `exports.handler = async ({ Records }) => {
    const keys = Records.map(({ dynamodb }) => [dynamodb.Keys.id.S, dynamodb.SequenceNumber]);
    console.log("batch", JSON.stringify(keys));
    if (keys.some(([id]) => id.endsWith("throw"))) throw new Error("as requested");
    const failed = keys.filter(([id]) => id.endsWith("poison"));
    return { batchItemFailures: failed.map(([, itemIdentifier]) => ({ itemIdentifier })) };
  };`;
  const FunctionName = "gaps-stream";
  const { Version } = await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: `arn:aws:iam::${account}:role/gaps`,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf("index.js", source) },
      Publish: true,
    }),
  );
  await client.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: Version }));
}
