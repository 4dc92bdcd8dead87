import { AwsClients, rootOf } from "../../../../../packages/laptop/gaps/shared/aws-clients";
import {
  type DiscardedBatch,
  sendDiscarded,
} from "../../../../../packages/laptop/gaps/stream-mapping/discarded-batch";
import type { StreamRecord } from "../../../../../packages/laptop/gaps/stream-mapping/table-stream";
import { streamRecord } from "../../../../lambda-src/stream/stream-record";

const records = [streamRecord(7), streamRecord(8)] as StreamRecord[];
const batch: DiscardedBatch = {
  records,
  condition: "RetryAttemptsExhausted",
  attempts: 3,
  mappingId: "0a1b",
  functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:changes:live",
  streamArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/items/stream/2026-11-23T00:00:00.000",
  shardId: "shardId-1",
  region: "eu-west-1",
  invocation: { requestId: "request", statusCode: 200, executedVersion: "3", functionError: "Unhandled" },
};
const record = {
  requestContext: {
    requestId: "request",
    functionArn: batch.functionArn,
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 3,
  },
  responseContext: { statusCode: 200, executedVersion: "3", functionError: "Unhandled" },
  version: "1.0",
  timestamp: "2026-11-23T14:05:06.789Z",
  DDBStreamBatchInfo: {
    shardId: "shardId-1",
    startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
    endSequenceNumber: records[1]?.dynamodb.SequenceNumber,
    approximateArrivalOfFirstRecord: "2023-11-14T22:13:20Z",
    approximateArrivalOfLastRecord: "2023-11-14T22:13:20Z",
    batchSize: 2,
    streamArn: batch.streamArn,
  },
};

describe("sendDiscarded", () => {
  const clients = new AwsClients("http://127.0.0.1:9", async () => undefined, rootOf("000000000000"));
  const sent: { readonly input: Record<string, string> }[] = [];

  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse(record.timestamp) });
    sent.length = 0;
    // Lambda sends with the role of the function. Here, that is the same clients.
    jest.spyOn(clients, "as").mockResolvedValue(clients);
    jest.spyOn(clients.lambda("eu-west-1"), "send").mockImplementation((async () => ({})) as never);
    for (const client of [clients.s3("eu-west-1"), clients.sns("eu-west-1")]) {
      jest
        .spyOn(client, "send")
        .mockImplementation((async (command: never) => void sent.push(command)) as never);
    }
  });

  afterEach(() => jest.useRealTimers());

  it("sends a topic the position of the records, but not their content", async () => {
    const topic = "arn:aws:sns:eu-west-1:123456789012:discarded";

    await sendDiscarded(clients, topic, batch);

    expect(sent).toMatchObject([{ input: { TopicArn: topic } }]);
    expect(JSON.parse(sent[0]?.input.Message ?? "")).toEqual(record);
  });

  it("writes their position and content to a bucket, under the mapping, the shard and the day", async () => {
    await sendDiscarded(clients, "arn:aws:s3:::discarded", batch);

    const { Bucket, Key, Body = "" } = sent[0]?.input ?? {};
    expect(Bucket).toBe("discarded");
    expect(Key).toMatch(/^aws\/lambda\/0a1b\/shardId-1\/2026\/11\/23\/2026-11-23T14\.05\.06-[0-9a-f-]{36}$/);
    const { payload, ...rest } = JSON.parse(Body);
    expect(rest).toEqual(record);
    expect(JSON.parse(payload)).toEqual({ Records: records });
  });

  it("has no response if the function was not invoked", async () => {
    const { invocation: _, ...untried } = { ...batch, condition: "RecordAgeExceeded" as const, attempts: 0 };

    await sendDiscarded(clients, "arn:aws:sns:eu-west-1:123456789012:discarded", {
      ...untried,
      invocation: undefined,
    });

    expect(JSON.parse(sent[0]?.input.Message ?? "")).toMatchObject({
      requestContext: {
        requestId: expect.any(String),
        condition: "RecordAgeExceeded",
        approximateInvokeCount: 0,
      },
      responseContext: null,
    });
  });
});
