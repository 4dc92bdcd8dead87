import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { BatchGetTracesCommand } from "@aws-sdk/client-xray";
import { clientsOf } from "../../scripts/verify/clients";
import { type Answer, type Request, SignedApi } from "../../scripts/verify/signed-api";
import { until } from "./until";

export interface LiveStack {
  readonly environment: string;
  /** The emulator's endpoint for all services. */
  readonly endpoint: string;
  /** The outputs, under the names that `npm run outputs` shows. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Timeout of each wait. */
const timeoutSeconds = 60;
const region = "eu-west-1";
const account = "000000000000";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** Tests a deployed stack as its callers, consumers and operators see it. */
export function describeLiveStack(name: string, findStack: () => Promise<LiveStack>): void {
  describe(name, () => {
    let stack: LiveStack;
    let api: SignedApi;
    let clients: ReturnType<typeof clientsOf>;

    beforeAll(async () => {
      stack = await findStack();
      const { endpoint, environment, outputs } = stack;
      const url = `${endpoint}/restapis/${outputs["api-id"]}/${environment}/_user_request_`;
      api = new SignedApi(url, { region, credentials, signal: new AbortController().signal });
      clients = clientsOf({ endpoint, region, credentials });
    });

    describe("an item", () => {
      const id = `item-${Date.now()}`;
      const path = `/items/${id}/5`;
      const send = (method: NonNullable<Request["method"]>, route: string, body?: unknown, headers = {}) =>
        api.send({ method, path: route, body, headers });
      let etag: string;

      it("is created once per idempotency key", async () => {
        const draft = { id, timestamp: 5, data: { made: "first" } };
        const key = { "Idempotency-Key": `key-of-${id}` };

        const created = await send("POST", "/items", draft, key);
        const repeated = await send("POST", "/items", draft, key);
        const different = await send("POST", "/items", { ...draft, data: {} }, key);
        const newest = await send("POST", "/items", { id, data: { made: "now" } });

        expect([created, repeated, different, newest].map(({ status }) => status)).toEqual([
          201, 201, 422, 201,
        ]);
        expect(created.body).toEqual(draft);
        expect(repeated.body).toEqual(draft);
        expect(repeated.headers.get("idempotent-replayed")).toBe("true");
        etag = created.headers.get("etag") ?? "";
      });

      it("can be read alone, and page by page through its history, newest first", async () => {
        const read = await send("GET", path);
        const first = await send("GET", `/items/${id}?limit=1`);
        const { items, nextCursor } = first.body as Page;
        const second = await send("GET", `/items/${id}?limit=1&cursor=${nextCursor}`);
        const earlier = await send("GET", `/items/${id}?from=0&to=5`);

        expect(read).toMatchObject({ status: 200, body: { id, timestamp: 5, data: { made: "first" } } });
        expect(read.headers.get("etag")).toBe(etag);
        expect(items).toMatchObject([{ data: { made: "now" } }]);
        expect((second.body as Page).items).toMatchObject([{ timestamp: 5 }]);
        expect((earlier.body as Page).items).toHaveLength(1);
      });

      it("is replaced and deleted only in the version that the caller has read", async () => {
        const data = { data: { made: "second" } };

        const unconditional = await send("PUT", path, data);
        const onlyIfAbsent = await send("PUT", path, data, { "If-None-Match": "*" });
        const replaced = await send("PUT", path, data, { "If-Match": etag });
        const stale = await send("PUT", path, data, { "If-Match": etag });
        const created = await send("PUT", `/items/${id}/6`, data);
        const unconditionalDelete = await send("DELETE", path);
        const staleDelete = await send("DELETE", path, undefined, { "If-Match": etag });
        const current = { "If-Match": replaced.headers.get("etag") ?? "" };
        const deleted = await send("DELETE", path, undefined, current);
        const gone = await send("DELETE", path, undefined, current);

        expect([unconditional, onlyIfAbsent, replaced, stale, created].map(({ status }) => status)).toEqual([
          428, 412, 200, 412, 201,
        ]);
        expect([unconditionalDelete, staleDelete, deleted, gone].map(({ status }) => status)).toEqual([
          428, 412, 204, 404,
        ]);
        for (const problem of [unconditional, onlyIfAbsent, stale, unconditionalDelete, staleDelete, gone])
          expectProblem(problem);
      });

      const large = { large: "x".repeat(400 * 1024) };
      const asText = { "content-type": "text/plain" };

      it.each<[string, number, Request]>([
        ["a truncated body", 400, { method: "POST", path: "/items", body: '{"id":' }],
        ["data that is not an object", 400, { method: "POST", path: "/items", body: { id, data: "text" } }],
        ["a body without an id", 400, { method: "POST", path: "/items", body: { data: {} } }],
        [
          "an id and timestamp that are taken",
          409,
          { method: "POST", path: "/items", body: { id, timestamp: 6, data: {} } },
        ],
        ["an item that is too large", 413, { method: "POST", path: "/items", body: { id, data: large } }],
        [
          "a body sent as text",
          415,
          { method: "POST", path: "/items", body: { id, data: {} }, headers: asText },
        ],
        ["a page that is too large", 400, { path: `/items/${id}?limit=101` }],
        ["a forged cursor", 400, { path: `/items/${id}?cursor=forged` }],
        ["an id without items", 404, { path: `/items/nobody-${id}` }],
        ["an invalid timestamp", 400, { path: `/items/${id}/yesterday` }],
        ["an item that does not exist", 404, { path: `/items/${id}/7` }],
        [
          "a version without quotes",
          400,
          { method: "PUT", path, body: { data: {} }, headers: { "If-Match": "x" } },
        ],
        ["a replacement that is too large", 413, { method: "PUT", path, body: { data: large } }],
        ["a replacement sent as text", 415, { method: "PUT", path, body: { data: {} }, headers: asText }],
        [
          "a time before 1970",
          400,
          { method: "DELETE", path: `/items/${id}/-1`, headers: { "If-Match": "*" } },
        ],
      ])("is refused, with a reason, for %s: %d", async (_, status, request) => {
        const answer = await api.send(request);

        expect(answer.status).toBe(status);
        expectProblem(answer);
      });
    });

    it("reports its health, but only to signed requests", async () => {
      const signed = await api.send({ path: "/health" });
      const unsigned = await api.sendUnsigned("/health");

      expect(signed).toMatchObject({ status: 200, body: { status: "ok" } });
      expect(unsigned.status).toBe(403);
      expectProblem(unsigned);
    });

    it("logs, counts and traces a request", async () => {
      const id = `observed-${Date.now()}`;
      const before = await itemsCreated();

      const added = await api.send({ method: "POST", path: "/items", body: { id, timestamp: 1, data: {} } });
      const refused = await api.send({ path: `/items/${id}/2` });

      const { requestId } = refused.body as { readonly requestId: string };
      const logGroup = stack.outputs["api-function-log-group"];
      const [line] = await until("the function's log line for the request", timeoutSeconds, () =>
        logLines(logGroup, requestId),
      );
      expect(line).toMatchObject({ service: "api", environment: stack.environment });
      expect(await itemsCreated()).toBe(before + 1);
      const traceId = /Root=([^;]+)/.exec(added.headers.get("x-amzn-trace-id") ?? "")?.[1] ?? "";
      const { Traces = [] } = await clients.xray.send(new BatchGetTracesCommand({ TraceIds: [traceId] }));
      const segments = Traces[0]?.Segments?.map(({ Document = "{}" }) => JSON.parse(Document)) ?? [];
      expect(segments.map(({ origin }) => origin)).toEqual([
        "AWS::ApiGateway::Stage",
        "AWS::Lambda",
        "AWS::Lambda::Function",
      ]);
      expect(JSON.stringify(segments[2])).toContain('"name":"DynamoDB"');
    });

    it("reports a change that it cannot publish in the dead-letter queue, and publishes the changes around it", async () => {
      const id = `poison-${Date.now()}`;
      const receiveEvents = await subscribe(id);

      // The table accepts any number as a timestamp, but the stream function publishes whole numbers only.
      await write(id, "1", "1.5", "2");

      const failure = await until("the failure destination's message", timeoutSeconds, receiveFailure);
      const events = await until(
        "the events of the changes around it",
        timeoutSeconds,
        async () => (await receiveEvents()).length >= 2 && receiveEvents(),
      );
      const [line] = await logLines(stack.outputs["stream-function-log-group"], id);
      expect(line).toMatchObject({ message: "record failed", itemId: id, itemTimestamp: "1.5" });
      expect(failure).toMatchObject({
        requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 6 },
        DDBStreamBatchInfo: {
          batchSize: 1,
          startSequenceNumber: line?.sequenceNumber,
          endSequenceNumber: line?.sequenceNumber,
        },
      });
      const seen = new Map(events.map(({ "detail-type": type, detail }) => [detail.item.timestamp, type]));
      expect([...seen]).toEqual([
        [1, "ItemCreated"],
        [2, "ItemCreated"],
      ]);
    });

    async function itemsCreated(): Promise<number> {
      const { Datapoints = [] } = await clients.cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace: "ServerlessApp",
          MetricName: "ItemCreated",
          Dimensions: [
            { Name: "service", Value: "api" },
            { Name: "application", Value: "serverless-app" },
            { Name: "environment", Value: stack.environment },
          ],
          StartTime: new Date(Date.now() - 3_600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 86_400,
          Statistics: ["Sum"],
        }),
      );
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    }

    async function logLines(
      logGroupName: string | undefined,
      text: string,
    ): Promise<readonly Record<string, unknown>[]> {
      const { events = [] } = await clients.logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern: `"${text}"` }),
      );
      return events.map(({ message = "{}" }) => JSON.parse(message));
    }

    /** Writes items directly to the table, in one transaction, so that their changes are adjacent in the stream. */
    async function write(id: string, ...timestamps: readonly string[]): Promise<void> {
      const TableName = stack.outputs["table-name"];
      await clients.dynamoDb.send(
        new TransactWriteItemsCommand({
          TransactItems: timestamps.map((timestamp) => ({
            Put: { TableName, Item: { id: { S: id }, timestamp: { N: timestamp }, data: { M: {} } } },
          })),
        }),
      );
    }

    /** Takes a failed batch's message off the dead-letter queue. */
    async function receiveFailure(): Promise<object | undefined> {
      const QueueUrl = stack.outputs["dead-letter-queue-url"];
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      const message = Messages.find(({ Body = "" }) => Body.includes("DDBStreamBatchInfo"));
      if (!message) return undefined;
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return JSON.parse(message.Body ?? "{}");
    }

    /** Collects the events of one id from now on. @returns a function that returns them, sorted by timestamp */
    async function subscribe(id: string): Promise<() => Promise<readonly BusEvent[]>> {
      const EventBusName = stack.outputs["event-bus-name"];
      const EventPattern = JSON.stringify({ source: ["items"], detail: { item: { id: [id] } } });
      const { RuleArn = "" } = await clients.events.send(
        new PutRuleCommand({ Name: id, EventBusName, EventPattern }),
      );
      const Arn = `arn:aws:sqs:${region}:${account}:${id}`;
      const Policy = JSON.stringify(mayReceive(Arn, RuleArn));
      const { QueueUrl } = await clients.sqs.send(
        new CreateQueueCommand({ QueueName: id, Attributes: { Policy } }),
      );
      const Targets = [{ Id: "queue", Arn }];
      await clients.events.send(new PutTargetsCommand({ Rule: id, EventBusName, Targets }));
      const seen = new Map<string, BusEvent>();
      return async () => {
        const { Messages = [] } = await clients.sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        );
        for (const { Body = "" } of Messages) {
          const event: BusEvent = JSON.parse(Body);
          seen.set(event.detail.eventId, event);
        }
        return [...seen.values()].sort(
          (one, other) => one.detail.item.timestamp - other.detail.item.timestamp,
        );
      };
    }
  });
}

/** A queue's policy that lets a rule send to it. */
function mayReceive(queueArn: string, ruleArn: string): object {
  const statement = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
  };
  return { Version: "2012-10-17", Statement: [statement] };
}

interface Page {
  readonly items: readonly object[];
  readonly nextCursor?: string;
}

interface BusEvent {
  readonly "detail-type": string;
  readonly detail: {
    readonly eventId: string;
    readonly item: { readonly timestamp: number };
  };
}

function expectProblem({ status, headers, body }: Answer): void {
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status, title: expect.any(String), requestId: expect.any(String) });
}
