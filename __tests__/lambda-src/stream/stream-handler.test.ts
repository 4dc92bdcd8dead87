import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import timers from "node:timers/promises";
import Ajv2020 from "ajv/dist/2020";
import type { DynamoDBRecord } from "aws-lambda";
import { idempotencyRecord } from "../../../lambda-src/items/idempotency-record";
import { Telemetry } from "../../../lambda-src/runtime/telemetry";
import { EventBus, PUBLISH_ATTEMPTS } from "../../../lambda-src/stream/event-bus";
import { streamFilterPattern } from "../../../lambda-src/stream/stream-filter";
import { streamHandler } from "../../../lambda-src/stream/stream-handler";
import { context } from "../../support/api-event";
import { LoopbackServer } from "../../support/loopback-server";
import { captureOutput } from "../captured-output";
import { FakeBus } from "./fake-bus";
import { sequenceNumber, streamRecord } from "./stream-record";

const validate = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync("docs/item-event-1.schema.json", "utf8")),
);

describe("the stream function", () => {
  let output: ReturnType<typeof captureOutput>;

  beforeEach(() => {
    output = captureOutput();
  });

  afterEach(() => output.restore());

  const start = () => {
    const bus = new FakeBus();
    const telemetry = new Telemetry({
      service: "stream",
      metricsNamespace: "Shop",
      application: "shop",
      environment: "dev",
      daemonAddress: undefined,
    });
    const handler = streamHandler({ bus: new EventBus(bus.client(), "bus-dev"), telemetry });
    return { bus, deliver: (...Records: unknown[]) => handler({ Records }, context()), handler };
  };

  const failedNumbers = (...numbers: number[]) => ({
    batchItemFailures: numbers.map((number) => ({ itemIdentifier: sequenceNumber(number) })),
  });

  const metrics = () => Object.assign({}, ...output.lines().filter((line) => "_aws" in line));

  it("publishes changes in their order", async () => {
    const { bus, deliver } = start();

    const response = await deliver(
      streamRecord(1),
      streamRecord(2, { eventName: "MODIFY", timestamp: 1 }),
      streamRecord(3, { eventName: "REMOVE", timestamp: 1 }),
    );

    expect(response).toEqual({ batchItemFailures: [] });
    expect(bus.published.map(({ DetailType }) => DetailType)).toEqual([
      "ItemCreated",
      "ItemChanged",
      "ItemRemoved",
    ]);
    expect(bus.published[1]).toEqual({
      Source: "items",
      DetailType: "ItemChanged",
      Detail: expect.any(String),
      Resources: ["arn:aws:dynamodb:eu-west-1:123456789012:table/items-dev"],
      Time: new Date(1_700_000_000_000),
      EventBusName: "bus-dev",
    });
    expect(bus.details()[1]).toEqual({
      version: "1",
      eventId: "event-2",
      sequenceNumber: sequenceNumber(2),
      occurredAt: "2023-11-14T22:13:20.000Z",
      item: { id: "a", timestamp: 1 },
      before: { data: { n: 2 }, etag: "etag-2" },
      after: { data: { n: 2 }, etag: "etag-2" },
    });
    expect(bus.details().map((detail) => ["before" in detail, "after" in detail])).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ]);
    expect(metrics()).toMatchObject({ EventPublished: 3, service: "stream", environment: "dev" });
    expect(metrics()).not.toHaveProperty("RecordFailed");
  });

  it("publishes details that conform to their schema", async () => {
    const { bus, deliver } = start();
    const foreign = streamRecord(4, { eventName: "MODIFY" });
    foreign.dynamodb = { ...foreign.dynamodb, NewImage: {}, OldImage: { data: { SS: ["x"] } } };

    await deliver(
      streamRecord(1),
      streamRecord(2, { eventName: "MODIFY" }),
      streamRecord(3, { data: { text: { S: "x".repeat(300_000) } } }),
      foreign,
    );

    expect(bus.details()).toHaveLength(4);
    for (const detail of bus.details()) expect([validate(detail), validate.errors]).toEqual([true, null]);
    expect(validate({ ...bus.details()[0], version: "2" })).toBe(false);
  });

  it("gives a change the same eventId every time it is delivered", async () => {
    const { bus, deliver } = start();

    await deliver(streamRecord(1));
    await deliver(streamRecord(1));

    expect(bus.published[0]).toEqual(bus.published[1]);
  });

  it("reads a time delivered as text", async () => {
    const { bus, deliver } = start();
    const record = streamRecord(1);
    Object.assign(record.dynamodb as object, { ApproximateCreationDateTime: "1700000000.5" });

    await deliver(record);

    expect(bus.details()[0]).toMatchObject({ occurredAt: "2023-11-14T22:13:20.500Z" });
  });

  it("reads the earliest and the latest possible time", async () => {
    const { bus, deliver } = start();
    const [first, last] = [streamRecord(0), streamRecord(1, { timestamp: 8.64e15 })];
    Object.assign(first.dynamodb as object, { ApproximateCreationDateTime: 0 });
    Object.assign(last.dynamodb as object, { ApproximateCreationDateTime: 8.64e12 });

    const response = await deliver(first, last);

    expect(response).toEqual({ batchItemFailures: [] });
    expect(bus.details()).toMatchObject([
      { item: { timestamp: 0 }, occurredAt: "1970-01-01T00:00:00.000Z" },
      { item: { timestamp: 8.64e15 }, occurredAt: "+275760-09-13T00:00:00.000Z" },
    ]);
  });

  it("publishes an image without an etag if the row has none", async () => {
    const { bus, deliver } = start();
    const record = streamRecord(1);
    delete record.dynamodb?.NewImage?.etag;

    await deliver(record);

    expect(bus.published[0]?.Detail).toContain('"after":{"data":{"n":1}}');
  });

  it("sends ten events per call, and fewer if they are large", async () => {
    const { bus, deliver } = start();
    const large = { text: { S: "x".repeat(100_000) } };

    await deliver(
      ...Array.from({ length: 12 }, (_, index) => streamRecord(index)),
      ...Array.from({ length: 3 }, (_, index) => streamRecord(100 + index, { data: large })),
    );

    expect(bus.calls.map(({ length }) => length)).toEqual([10, 4, 1]);
    expect(bus.published).toHaveLength(15);
  });

  it.each(["x", "€", "\u0000"])(
    "omits images of %j that make an entry too large, and says so",
    async (character) => {
      const { bus, deliver } = start();
      const item = (bytes: number) =>
        streamRecord(bytes, {
          data: { text: { S: character.repeat(bytes / JSON.stringify(character).length) } },
        });

      const response = await deliver(item(1_000), item(2_000_000));

      expect(response).toEqual({ batchItemFailures: [] });
      expect(bus.details()[0]).toHaveProperty("after");
      expect(bus.details()[1]).toEqual({
        version: "1",
        eventId: "event-2000000",
        sequenceNumber: sequenceNumber(2_000_000),
        occurredAt: expect.any(String),
        item: { id: "a", timestamp: 2_000_000 },
        imagesOmitted: expect.stringContaining("Read the item"),
      });
    },
  );

  it("keeps images up to the last byte that fits into an entry", async () => {
    const { bus, deliver } = start();
    const entry = async (length: number) => {
      await deliver(streamRecord(1, { data: { text: { S: "x".repeat(length) } } }));
      return bus.published.at(-1)?.Detail ?? "";
    };
    const overhead = (await entry(1)).length - 1 + 14 + "itemsItemCreated".length + 55;

    const fits = await entry(255 * 1024 - overhead);
    const tooLarge = await entry(255 * 1024 - overhead + 1);

    expect(fits).toContain('"after"');
    expect(tooLarge).toContain('"imagesOmitted"');
  });

  it("ignores idempotency records, which the mapping's filter also leaves out", async () => {
    const { bus, deliver } = start();
    const { id } = idempotencyRecord({ operationId: "createItem", caller: "c", key: "k", body: {}, now: 0 });
    const records = (["INSERT", "MODIFY", "REMOVE"] as const).map((eventName, number) =>
      streamRecord(number, { id, timestamp: -1, eventName }),
    );

    const response = await deliver(...records);

    expect(response).toEqual({ batchItemFailures: [] });
    expect(bus.calls).toEqual([]);
    const [{ "anything-but": excluded }] = streamFilterPattern.dynamodb.Keys.timestamp.N;
    for (const { dynamodb } of records) expect(excluded).toContain(dynamodb?.Keys?.timestamp?.N);
    expect(excluded).not.toContain(streamRecord(1).dynamodb?.Keys?.timestamp?.N);
  });

  describe("with a record that cannot be read", () => {
    const broken = (
      change: (record: Record<string, unknown> & { dynamodb: Record<string, unknown> }) => void,
    ) => {
      const record = structuredClone(streamRecord(2, { data: { text: { S: "body-secret" } } }));
      change(record as never);
      return record;
    };

    it.each<[string, DynamoDBRecord]>([
      ["eventName", broken((record) => delete record.eventName)],
      ["eventName", broken((record) => Object.assign(record, { eventName: "toString" }))],
      ["eventName", broken((record) => Object.assign(record, { eventName: ["INSERT"] }))],
      ["eventID", broken((record) => delete record.eventID)],
      ["eventID", broken((record) => Object.assign(record, { eventID: "" }))],
      ["eventSourceARN", broken((record) => delete record.eventSourceARN)],
      ["dynamodb.Keys", broken(({ dynamodb }) => delete dynamodb.Keys)],
      [
        "dynamodb.Keys.id",
        broken(({ dynamodb }) => Object.assign(dynamodb.Keys as object, { id: { N: "1" } })),
      ],
      [
        "dynamodb.Keys.timestamp",
        broken(({ dynamodb }) => Object.assign(dynamodb.Keys as object, { timestamp: {} })),
      ],
      ["dynamodb.Keys.timestamp", streamRecord(2, { timestamp: 1.5 })],
      ["dynamodb.Keys.timestamp", streamRecord(2, { timestamp: 8.64e15 + 1 })],
      ["dynamodb.NewImage is missing", broken(({ dynamodb }) => delete dynamodb.NewImage)],
      [
        "dynamodb.NewImage contains something that is not an attribute value",
        broken(({ dynamodb }) => Object.assign(dynamodb, { NewImage: { data: { X: "body-secret" } } })),
      ],
      ["ApproximateCreationDateTime", broken(({ dynamodb }) => delete dynamodb.ApproximateCreationDateTime)],
      [
        "ApproximateCreationDateTime",
        broken(({ dynamodb }) => Object.assign(dynamodb, { ApproximateCreationDateTime: "soon" })),
      ],
      [
        "ApproximateCreationDateTime",
        broken(({ dynamodb }) => Object.assign(dynamodb, { ApproximateCreationDateTime: [1] })),
      ],
      [
        "ApproximateCreationDateTime",
        broken(({ dynamodb }) => Object.assign(dynamodb, { ApproximateCreationDateTime: 1e300 })),
      ],
    ])("reports it and publishes its neighbours: %s", async (path, record) => {
      const { bus, deliver } = start();

      const response = await deliver(streamRecord(1), record, streamRecord(3));

      expect(response).toEqual(failedNumbers(2));
      expect(bus.details().map(({ eventId }) => eventId)).toEqual(["event-1", "event-3"]);
      const [line] = output.lines().filter(({ message }) => message === "record failed");
      expect(line).toMatchObject({
        level: "ERROR",
        sequenceNumber: sequenceNumber(2),
        error: { name: "UnreadableRecordError", message: expect.stringContaining(path) },
      });
      expect(output.text()).not.toContain("body-secret");
      expect(metrics()).toMatchObject({ EventPublished: 2, RecordFailed: 1 });
    });

    it("logs the keys that identify it", async () => {
      const { deliver } = start();

      await deliver(broken(({ dynamodb }) => delete dynamodb.NewImage));

      expect(output.lines()).toContainEqual(
        expect.objectContaining({
          eventId: "event-2",
          itemId: "a",
          itemTimestamp: "2",
          sequenceNumber: sequenceNumber(2),
        }),
      );
    });

    it.each<[string, string, unknown]>([
      [
        "no sequence number",
        "dynamodb.SequenceNumber",
        broken(({ dynamodb }) => delete dynamodb.SequenceNumber),
      ],
      [
        "an empty sequence number",
        "dynamodb.SequenceNumber",
        broken(({ dynamodb }) => Object.assign(dynamodb, { SequenceNumber: "" })),
      ],
      [
        "a sequence number that is not text",
        "dynamodb.SequenceNumber",
        broken(({ dynamodb }) => Object.assign(dynamodb, { SequenceNumber: 2 })),
      ],
      ["an empty object in its place", "dynamodb", {}],
      ["null for its change", "dynamodb", { dynamodb: null }],
      ["null in its place", "the record", null],
      ["a number in its place", "the record", 5],
    ])("has the whole batch redelivered if it has %s", async (_, path, record) => {
      const { bus, deliver } = start();

      const response = await deliver(streamRecord(1), record, { ...streamRecord(3), eventName: "x" });

      expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: "" }] });
      expect(bus.published).toHaveLength(1);
      expect(output.lines()).toContainEqual(
        expect.objectContaining({
          error: expect.objectContaining({
            message: expect.stringMatching(`^${path} is missing or not an? `),
          }),
        }),
      );
    });
  });

  describe("with a failing bus", () => {
    const of = (number: number) => (entry: { Detail: string }) => entry.Detail.includes(`"event-${number}"`);

    it("retries only the events that the bus did not accept", async () => {
      const { bus, deliver } = start();
      bus.fault = (entry, call) => (of(2)(entry) && call < 3 ? "refuse" : undefined);

      const response = await deliver(streamRecord(1), streamRecord(2), streamRecord(3));

      expect(response).toEqual({ batchItemFailures: [] });
      expect(bus.calls.map(({ length }) => length)).toEqual([3, 1, 1]);
      expect(bus.published).toHaveLength(3);
    });

    it("reports events that the bus never accepts", async () => {
      const { bus, deliver } = start();
      bus.fault = (entry) => (of(2)(entry) ? "refuse" : undefined);

      const response = await deliver(streamRecord(1), streamRecord(2), streamRecord(3));

      expect(response).toEqual(failedNumbers(2));
      expect(bus.calls).toHaveLength(PUBLISH_ATTEMPTS);
      expect(output.lines()).toContainEqual(
        expect.objectContaining({
          eventId: "event-2",
          error: { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" },
        }),
      );
      expect(metrics()).toMatchObject({ EventPublished: 2, RecordFailed: 1 });
    });

    it("reports every record of a failed call, and no others", async () => {
      const { bus, deliver } = start();
      bus.fault = (entry) => (of(11)(entry) ? "fail call" : undefined);

      const response = await deliver(...Array.from({ length: 12 }, (_, index) => streamRecord(index)));

      expect(response).toEqual(failedNumbers(10, 11));
      expect(new Set(bus.details().map(({ eventId }) => eventId)).size).toBe(10);
    });

    it.each(["lose answer", "forget entries"] as const)(
      "treats no event as published without confirmation: %s",
      async (fault) => {
        const { bus, deliver } = start();
        bus.fault = () => fault;

        const response = await deliver(streamRecord(1), streamRecord(2));

        expect(response).toEqual(failedNumbers(1, 2));
        expect(output.text()).toContain(
          { "lose answer": "hung up", "forget entries": "the response has no result for this entry" }[fault],
        );
      },
    );

    it("waits before every retry, longer each time, and not after the last attempt", async () => {
      const { bus, deliver } = start();
      bus.fault = () => "refuse";
      const random = jest.spyOn(Math, "random").mockReturnValue(0.5);
      const wait = jest.spyOn(timers, "setTimeout");

      await deliver(streamRecord(1));

      expect(wait.mock.calls.map(([milliseconds]) => milliseconds)).toEqual([25, 50]);
      random.mockRestore();
      wait.mockRestore();
    });

    it("reports the remaining records when its time is used up", async () => {
      const { bus, handler } = start();
      bus.fault = () => "refuse";
      const started = performance.now();

      const response = await handler(
        { Records: [streamRecord(1)] },
        context({ getRemainingTimeInMillis: () => 301 }),
      );

      expect(response).toEqual(failedNumbers(1));
      expect(performance.now() - started).toBeLessThan(200);
    });
  });

  it.each([undefined, null, {}, { Records: {} }])("throws if the event is not a batch: %j", async (event) => {
    const { handler } = start();

    const call = handler(event, context());

    await expect(call).rejects.toMatchObject({
      name: "UnexpectedEventError",
      message: "not a batch from a table's stream: missing or of the wrong type: Records",
    });
  });

  describe("as Lambda loads it", () => {
    const before = { ...process.env };

    afterEach(() => {
      process.env = before;
    });

    const load = (changes: Record<string, string>) => {
      process.env = {
        ...before,
        EVENT_BUS_NAME: "bus-dev",
        POWERTOOLS_SERVICE_NAME: "stream",
        POWERTOOLS_METRICS_NAMESPACE: "Shop",
        APPLICATION: "shop",
        ENVIRONMENT: "dev",
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        ...changes,
      };
      let handler: typeof import("../../../lambda-src/stream/index").handler | undefined;
      jest.isolateModules(() => {
        handler = require("../../../lambda-src/stream/index").handler;
      });
      return handler;
    };

    it("starts with its configuration, and refuses to start without it", async () => {
      const response = await load({})?.({ Records: [] }, context());

      expect(response).toEqual({ batchItemFailures: [] });
      expect(() => load({ EVENT_BUS_NAME: "" })).toThrow(
        "environment variables missing or empty: EVENT_BUS_NAME",
      );
    });

    it.each([
      [200, { EventPublished: 1, EventBusLatency: expect.any(Number) }, "EventBusCallFailed"],
      [500, { EventBusCallFailed: [1, 1, 1], RecordFailed: 1 }, "EventPublished"],
    ])("measures and traces its calls: %i", async (status, measured, absent) => {
      const bus = await LoopbackServer.start((_request, response) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify({ FailedEntryCount: 0, Entries: [{ EventId: "id" }] }));
      });
      const daemon = createSocket("udp4").bind(0, "127.0.0.1");
      await once(daemon, "listening");
      const received = once(daemon, "message");

      await load({
        AWS_ENDPOINT_URL: bus.endpoint,
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
        _X_AMZN_TRACE_ID: "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1",
      })?.({ Records: [streamRecord(1)] }, context());

      expect(metrics()).toMatchObject(measured);
      expect(metrics()).not.toHaveProperty(absent);
      const [datagram] = await received;
      expect(JSON.parse(`${datagram}`.split("\n")[1] ?? "")).toMatchObject({
        name: "Events",
        aws: { operation: "PutEvents" },
        http: { response: { status } },
      });
      daemon.close();
      await bus.stop();
    });
  });
});
