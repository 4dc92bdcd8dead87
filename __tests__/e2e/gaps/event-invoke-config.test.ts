import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, type ClientConfig, expectGap, region, useEmulators } from "./emulators";
import { deployItemsApi } from "./items-api";

describe("event-invoke configuration of an alias", () => {
  const emulators = useEmulators();

  const alias = { FunctionName: "gaps", Qualifier: "live" };
  const logGroupName = "/aws/lambda/gaps";

  beforeAll(async () => {
    await deployItemsApi(emulators.bare);
    const sqs = new SQSClient(emulators.bare);
    for (const QueueName of ["failed", "succeeded"]) await sqs.send(new CreateQueueCommand({ QueueName }));
    await new LambdaClient(emulators.bare).send(
      new PutFunctionEventInvokeConfigCommand({
        ...alias,
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 120,
        DestinationConfig: {
          OnFailure: { Destination: `arn:aws:sqs:${region}:${account}:failed` },
          OnSuccess: { Destination: `arn:aws:sqs:${region}:${account}:succeeded` },
        },
      }),
    );
  });

  it("is ignored by MiniStack, which retries", async () => {
    await invoke(emulators.bare, { fail: true, marker: "bare" });
    await receive("gaps-dead-letters");

    expectGap((await attempts("bare")) === 1, "event-invoke-config");
  });

  it("limits the attempts, and sends the failure to its destination and the event to the dead-letter queue", async () => {
    await invoke(emulators.withGaps, { fail: true, marker: "withGaps" });
    const failure = await receive("failed");
    const letter = await receive("gaps-dead-letters");

    expect(JSON.parse(failure?.Body ?? "")).toMatchObject({
      version: "1.0",
      requestContext: {
        functionArn: `arn:aws:lambda:${region}:${account}:function:gaps:live`,
        condition: "RetriesExhausted",
        approximateInvokeCount: 1,
      },
      requestPayload: { fail: true, marker: "withGaps" },
      responseContext: { statusCode: 200, executedVersion: "1", functionError: "Unhandled" },
      responsePayload: { errorMessage: "as requested" },
    });
    expect(JSON.parse(letter?.Body ?? "")).toEqual({ fail: true, marker: "withGaps" });
    expect(letter?.MessageAttributes).toMatchObject({
      RequestID: { StringValue: expect.any(String) },
      ErrorCode: { StringValue: "200" },
      ErrorMessage: { StringValue: "as requested" },
    });
    expect(await attempts("withGaps")).toBe(1);
  });

  it("sends a success to its destination", async () => {
    await invoke(emulators.withGaps, { marker: "well" });
    const success = await receive("succeeded");

    expect(JSON.parse(success?.Body ?? "")).toMatchObject({
      requestContext: { condition: "Success", approximateInvokeCount: 1 },
      responsePayload: { statusCode: 200, body: "found" },
    });
  });

  async function invoke(config: ClientConfig, event: object): Promise<void> {
    const Payload = Buffer.from(JSON.stringify(event));
    const { StatusCode } = await new LambdaClient(config).send(
      new InvokeCommand({ ...alias, InvocationType: "Event", Payload }),
    );
    expect(StatusCode).toBe(202);
  }

  async function receive(queue: string): Promise<Message | undefined> {
    const { Messages } = await new SQSClient(emulators.bare).send(
      new ReceiveMessageCommand({
        QueueUrl: `${emulators.bare.endpoint}/${account}/${queue}`,
        WaitTimeSeconds: 10,
        MessageAttributeNames: ["All"],
      }),
    );
    return Messages?.[0];
  }

  async function attempts(marker: string): Promise<number> {
    const { events = [] } = await new CloudWatchLogsClient(emulators.bare).send(
      new FilterLogEventsCommand({ logGroupName }),
    );
    return events.filter(({ message }) => message?.includes(`marker ${marker}`)).length;
  }
});
