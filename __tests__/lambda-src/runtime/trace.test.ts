import { createSocket, type Socket } from "node:dgram";
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { observeCalls } from "../../../lambda-src/runtime/observe-calls";
import { Telemetry } from "../../../lambda-src/runtime/telemetry";
import { Trace } from "../../../lambda-src/runtime/trace";
import { context } from "../../support/api-event";
import { captureOutput } from "../captured-output";
import { FakeTable } from "../fake-table";

const sampled = "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1;Lineage=a:1";

const call = {
  service: "DynamoDB",
  operation: "GetItem",
  startedAt: 1_700_000_000_123,
  endedAt: 1_700_000_000_456,
  details: { table_name: "items", request_id: undefined },
  status: 200,
  failure: undefined,
};

describe("Trace", () => {
  let daemon: Socket;
  let received: string[];

  beforeEach(async () => {
    received = [];
    daemon = createSocket("udp4").on("message", (message) => received.push(message.toString()));
    await new Promise<void>((resolve) => daemon.bind(0, "127.0.0.1", resolve));
  });

  afterEach(() => new Promise<void>((resolve) => daemon.close(() => resolve())));

  const address = () => `127.0.0.1:${daemon.address().port}`;

  const documents = async (count: number): Promise<Record<string, unknown>[]> => {
    for (let waits = 0; received.length < count && waits < 200; waits += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return received.map((datagram) => {
      const [header, document, ...rest] = datagram.split("\n");
      expect(header).toBe('{"format":"json","version":1}');
      expect(rest).toEqual([]);
      return JSON.parse(document ?? "");
    });
  };

  it("sends a call as a subsegment of the invocation", async () => {
    const trace = new Trace(address(), () => sampled);

    trace.add(call);
    await trace.flush();

    expect(await documents(1)).toEqual([
      {
        type: "subsegment",
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        trace_id: "1-581cf771-a006649127e371903a2de979",
        parent_id: "70de5b6f19ff9a0a",
        name: "DynamoDB",
        namespace: "aws",
        start_time: 1_700_000_000.123,
        end_time: 1_700_000_000.456,
        aws: { operation: "GetItem", table_name: "items" },
        http: { response: { status: 200 } },
      },
    ]);
  });

  it.each([
    ["the caller's error", 400, { name: "ValidationException", throttled: false }, { error: true }],
    ["throttling", 400, { name: "ThrottlingException", throttled: true }, { error: true, throttle: true }],
    ["a fault of the service", 500, { name: "InternalServerError", throttled: false }, { fault: true }],
    ["a response that cannot be parsed", 200, { name: "SyntaxError", throttled: false }, { fault: true }],
    ["no response", undefined, { name: "TimeoutError", throttled: false }, { fault: true }],
  ])("marks %s", async (_, status, failure, flags) => {
    const trace = new Trace(address(), () => sampled);

    trace.add({ ...call, status, failure });
    const [document] = await documents(1);

    const { error, throttle, fault, cause, http } = document as Record<string, unknown>;
    expect(http).toEqual(status === undefined ? undefined : { response: { status } });
    expect(JSON.parse(JSON.stringify({ error, throttle, fault }))).toEqual(flags);
    expect(cause).toEqual({
      exceptions: [{ id: expect.stringMatching(/^[0-9a-f]{16}$/), type: failure.name }],
    });
  });

  it.each([
    undefined,
    "",
    "nonsense",
    "Root=1-581cf771-a006649127e371903a2de979",
    sampled.replace("Sampled=1", "Sampled=0"),
    sampled.replace("Sampled=1", "Sampled=?"),
    sampled.replace(/Root=[^;]+;/, ""),
    sampled.replace(/Parent=[^;]+;/, ""),
  ])("sends nothing if X-Ray does not sample the trace: %s", async (header) => {
    const trace = new Trace(address(), () => header);

    trace.add(call);
    await trace.flush();
    new Trace(address(), () => sampled).add(call);

    expect(await documents(1)).toHaveLength(1);
  });

  it.each<[string, (address: string) => string | undefined]>([
    ["undefined", () => undefined],
    ["empty", () => ""],
    ["a host without a port", () => "127.0.0.1"],
    ["a port that is not a number", () => "127.0.0.1:x"],
    ["two addresses", (address) => `udp:127.0.0.1:1\n${address}`],
    ["an address with a path", (address) => `${address}/x`],
  ])("sends nothing if the daemon's address is %s", async (_, addressOf) => {
    const trace = new Trace(addressOf(address()), () => sampled);

    trace.add(call);
    await trace.flush();
    new Trace(address(), () => sampled).add({ ...call, operation: "Last" });

    expect(await documents(1)).toMatchObject([{ aws: { operation: "Last" } }]);
  });

  it("waits until every datagram has left, and forgets them afterwards", async () => {
    const trace = new Trace(address(), () => sampled);
    const sending: Set<unknown> = Reflect.get(trace, "sending");

    for (let count = 0; count < 3; count += 1) trace.add(call);
    const before = sending.size;
    await trace.flush();

    expect([before, sending.size]).toEqual([3, 0]);
  });

  it("fails no request if the daemon is gone", async () => {
    const gone = address();
    await new Promise<void>((resolve) => daemon.close(() => resolve()));
    const traces = [new Trace(gone, () => sampled), new Trace("no.such.host.invalid:2000", () => sampled)];

    for (const trace of traces) trace.add(call);
    await Promise.all(traces.map((trace) => trace.flush()));

    daemon = createSocket("udp4");
  });

  describe("with an AWS client", () => {
    const before = process.env._X_AMZN_TRACE_ID;
    let output: ReturnType<typeof captureOutput>;

    beforeEach(() => {
      output = captureOutput();
      process.env._X_AMZN_TRACE_ID = sampled;
    });

    afterEach(() => {
      output.restore();
      if (before === undefined) delete process.env._X_AMZN_TRACE_ID;
      else process.env._X_AMZN_TRACE_ID = before;
    });

    const observed = () => {
      const telemetry = new Telemetry({
        service: "api",
        metricsNamespace: "Shop",
        application: "shop",
        environment: "dev",
        daemonAddress: address(),
      });
      const table = new FakeTable();
      const client = table.client();
      observeCalls(client, telemetry, {
        name: "DynamoDB",
        latency: "TableLatency",
        failed: "TableCallFailed",
      });
      const get = (commandClient: DynamoDBClient = client) =>
        commandClient.send(
          new GetItemCommand({ TableName: "items", Key: { id: { S: "a" }, timestamp: { N: "1" } } }),
        );
      return { client, telemetry, table, get };
    };

    const metrics = () => output.lines().find((line) => "_aws" in line);

    it("traces a call with its table, Region and retries, and measures it", async () => {
      const { telemetry, table, get } = observed();
      table.fault = (_call, number) => (number === 1 ? "lose request" : undefined);

      await get();
      await telemetry.end();

      expect(await documents(1)).toMatchObject([
        {
          name: "DynamoDB",
          aws: { operation: "GetItem", table_name: "items", region: "eu-west-1", retries: 1 },
          http: { response: { status: 200 } },
        },
      ]);
      const [document] = await documents(1);
      for (const sign of ["error", "fault", "cause"]) expect(document).not.toHaveProperty(sign);
      expect(metrics()?.TableLatency).toBeLessThan(60_000);
      expect(metrics()).not.toHaveProperty("TableCallFailed");
    });

    it.each([
      ["lose request" as const, { fault: true }, 1],
      [{ error: "InternalServerError" }, { fault: true, http: { response: { status: 500 } } }, 1],
      [{ error: "AccessDeniedException" }, { error: true, http: { response: { status: 400 } } }, undefined],
    ])("records that a call failed: %j", async (fault, expected, failed) => {
      const { telemetry, table, get } = observed();
      table.fault = () => fault;

      const failure = await get().catch((error) => error);
      await telemetry.end();

      expect(failure).toBeInstanceOf(Error);
      expect(await documents(1)).toMatchObject([expected]);
      expect(metrics()?.TableCallFailed).toBe(failed);
    });

    it("runs before every other middleware of the client, and removes the client's logging", () => {
      const { client } = observed();

      const steps = client.middlewareStack.identify();

      expect(steps[0]).toBe("observeCalls - initialize");
      expect(steps.join()).not.toContain("loggerMiddleware");
    });

    it("puts the trace's id into every log line", () => {
      const { telemetry } = observed();
      telemetry.begin(context());

      telemetry.logger.info("hello");
      telemetry.logger.error("oh");

      expect(output.lines().filter((line) => "level" in line)).toMatchObject([
        { xray_trace_id: "1-581cf771-a006649127e371903a2de979" },
        { xray_trace_id: "1-581cf771-a006649127e371903a2de979" },
      ]);
    });
  });
});
