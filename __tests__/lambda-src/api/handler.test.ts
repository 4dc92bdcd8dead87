import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { apiHandler } from "../../../lambda-src/api/api-handler";
import { ItemRepository } from "../../../lambda-src/items/item-repository";
import { clientOptions } from "../../../lambda-src/runtime/client-options";
import { Telemetry } from "../../../lambda-src/runtime/telemetry";
import { apiEvent, context, postEvent } from "../../support/api-event";
import { captureOutput } from "../captured-output";
import { oneRealm } from "../one-realm";
import { type Fault, StubTable } from "../stub-table";

type Handler = typeof import("../../../lambda-src/api/index").handler;

const variables = {
  TABLE_NAME: "items-dev",
  POWERTOOLS_SERVICE_NAME: "api",
  POWERTOOLS_METRICS_NAMESPACE: "Shop",
  APPLICATION: "shop",
  ENVIRONMENT: "dev",
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
};

/** Starts the function as in a new execution environment. It calls the table at the endpoint. */
const start = (endpoint: string, changes: Record<string, string | undefined> = {}): Handler => {
  Object.assign(process.env, variables, { AWS_ENDPOINT_URL: endpoint }, changes);
  for (const [name, value] of Object.entries(changes)) if (value === undefined) delete process.env[name];
  let handler: Handler | undefined;
  jest.isolateModules(() => {
    handler = require("../../../lambda-src/api/index").handler;
  });
  return handler as Handler;
};

/** @returns by how many milliseconds a timer that starts now fires late, as every timer does on a busy machine */
function latenessOfTimer(milliseconds: number): () => Promise<number> {
  const started = performance.now();
  const fired = new Promise<number>((resolve) =>
    setTimeout(() => resolve(performance.now() - started - milliseconds), milliseconds),
  );
  return () => fired;
}

describe("the API function", () => {
  const before = { ...process.env };
  oneRealm();
  let output: ReturnType<typeof captureOutput>;
  let table: StubTable;

  beforeEach(async () => {
    output = captureOutput();
    table = await StubTable.start();
  });

  afterEach(async () => {
    output.restore();
    process.env = { ...before };
    await table.stop();
  });

  it("creates an item and lists it", async () => {
    const handler = start(table.endpoint);

    const created = await handler(postEvent({ id: "a b", timestamp: 7, data: { n: 1 } }), context());
    const listed = await handler(apiEvent({ pathParameters: { id: "a b" } }), context());

    expect(created).toMatchObject({
      statusCode: 201,
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        location: "items/a%20b/7",
      },
    });
    expect(JSON.parse(created.body)).toEqual({ id: "a b", timestamp: 7, data: { n: 1 } });
    expect(listed.statusCode).toBe(200);
    expect(JSON.parse(listed.body)).toEqual({ items: [{ id: "a b", timestamp: 7, data: { n: 1 } }] });
    expect(table.calls.map(({ input }) => input.TableName)).toEqual(["items-dev", "items-dev"]);
  });

  it("counts created items and the cold start by service, application and environment", async () => {
    const handler = start(table.endpoint);

    await handler(postEvent({ id: "a", timestamp: 1, data: {} }), context());
    await handler(postEvent({ id: "a", timestamp: 1, data: {} }), context());

    const metrics = output.lines().filter((line) => "_aws" in line);
    expect(metrics).toMatchObject([
      { ColdStart: 1, service: "api", application: "shop", environment: "dev" },
      { ItemCreated: 1, TableLatency: expect.any(Number), service: "api", environment: "dev" },
      { Conflict: 1, TableLatency: expect.any(Number), service: "api", environment: "dev" },
    ]);
    for (const { _aws } of metrics as { _aws: { CloudWatchMetrics: unknown[] } }[]) {
      expect(_aws.CloudWatchMetrics).toMatchObject([
        { Namespace: "Shop", Dimensions: [["service", "application", "environment"]] },
      ]);
    }
    expect(output.text()).not.toContain("No application metrics");
  });

  it("answers 404 for a path without a handler", async () => {
    const handler = start(table.endpoint);

    const responses = await Promise.all(
      [
        { httpMethod: "PATCH", resource: "/items" },
        { httpMethod: "toString", resource: "" },
      ].map((changes) => handler(apiEvent(changes), context())),
    );

    expect(responses.map(({ statusCode }) => statusCode)).toEqual([404, 404]);
    expect(responses[0]?.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(`${responses[0]?.body}`)).toMatchObject({
      type: "urn:problem-type:route-not-found",
      detail: "The API does not support this method on this path.",
    });
  });

  it("logs a refusal with its keys, without the body", async () => {
    const handler = start(table.endpoint);

    const responses = [
      await handler(postEvent("secret-in-broken-json"), context()),
      await handler(postEvent({ id: "a", data: {}, secret: "secret-in-body" }), context()),
      await handler(apiEvent({ pathParameters: { id: "secret/in/path" } }), context()),
    ];

    expect(responses.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400]);
    expect(output.text()).not.toContain("secret");
    expect(output.lines().filter(({ message }) => message === "request refused")).toMatchObject([
      {
        level: "WARN",
        status: 400,
        problem: "malformed-body",
        route: "POST /items",
        requestId: "request-id",
        extendedRequestId: "extended-request-id",
        function_request_id: "lambda-request-id",
        service: "api",
        environment: "dev",
      },
      { problem: "invalid-item" },
      { problem: "invalid-parameter" },
    ]);
  });

  it("measures and traces its calls to the table", async () => {
    const daemon = createSocket("udp4").bind(0, "127.0.0.1");
    await once(daemon, "listening");
    const received = once(daemon, "message");
    const handler = start(table.endpoint, {
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
      _X_AMZN_TRACE_ID: "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1",
    });
    table.fault = () => ({ error: "InternalServerError" });

    await handler(postEvent({ id: "a", data: {} }), context());

    expect(output.lines()).toContainEqual(
      expect.objectContaining({ TableCallFailed: 1, TableLatency: expect.any(Number) }),
    );
    const [datagram] = await received;
    expect(JSON.parse(`${datagram}`.split("\n")[1] ?? "")).toMatchObject({
      name: "DynamoDB",
      aws: { operation: "PutItem", table_name: "items-dev" },
      fault: true,
    });
    daemon.close();
  });

  it("answers an unexpected error with a 500 that reveals nothing, and logs it in full", async () => {
    const handler = start(table.endpoint);
    table.fault = () => ({ error: "AccessDeniedException", message: "internal-secret is not authorized" });

    const response = await handler(postEvent({ id: "a", data: { text: "body-secret" } }), context());

    expect(response.statusCode).toBe(500);
    expect(response.headers).toEqual({
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(JSON.parse(response.body)).toEqual({
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      detail: expect.any(String),
      requestId: "request-id",
    });
    expect(response.body).not.toMatch(/internal-secret|AccessDenied|\.ts|at /);
    expect(output.lines()).toContainEqual(
      expect.objectContaining({
        level: "ERROR",
        message: "request failed",
        requestId: "request-id",
        error: expect.objectContaining({
          name: "AccessDeniedException",
          message: "internal-secret is not authorized",
          stack: expect.stringContaining("AccessDeniedException"),
        }),
      }),
    );
    expect(output.text()).not.toContain("body-secret");
  });

  /**
   * The handler with production's client options and its own endpoint, so that several can wait at the same
   * time.
   */
  const startWith = (endpoint: string) => {
    const table = new DynamoDBClient({
      ...clientOptions(),
      endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const telemetry = new Telemetry({
      service: "api",
      metricsNamespace: "Shop",
      application: "shop",
      environment: "dev",
      daemonAddress: undefined,
    });
    return { handler: apiHandler({ items: new ItemRepository(table, "items-dev"), telemetry }), table };
  };

  it("answers 503 within 3 seconds whatever the table does", async () => {
    const one = { resource: "/items/{id}/{timestamp}", pathParameters: { id: "a", timestamp: "1" } };
    const faults: Fault[] = [
      { error: "ThrottlingException" },
      { error: "ThrottlingException", retryAfterSeconds: 4 },
      { error: "InternalServerError" },
      "hang",
      "hang in body",
      "lose answer",
    ];

    const answered = await Promise.all(
      faults.map(async (fault) => {
        const failing = await StubTable.start();
        failing.fault = () => fault;
        const { handler, table: client } = startWith(failing.endpoint);
        const started = performance.now();
        const late = latenessOfTimer(2_000);
        const responses = await Promise.all([
          handler(apiEvent(), context()),
          handler(apiEvent({ ...one, httpMethod: "GET" }), context()),
          handler(apiEvent({ ...one, httpMethod: "DELETE", headers: { "If-Match": "*" } }), context()),
          handler(postEvent({ id: "a", data: {} }), context()),
          handler(postEvent({ id: "a", data: {} }, { headers: { "Idempotency-Key": "k" } }), context()),
        ]);
        const milliseconds = performance.now() - started - (await late());
        client.destroy();
        await failing.stop();
        return { fault, responses, milliseconds, calls: failing.calls.length };
      }),
    );

    for (const { fault, responses, milliseconds, calls } of answered) {
      expect({ fault, inTime: milliseconds < 3_000, bounded: calls <= 16 }).toEqual({
        fault,
        inTime: true,
        bounded: true,
      });
      for (const response of responses) {
        expect(response).toMatchObject({
          statusCode: 503,
          headers: { "content-type": "application/problem+json", "retry-after": "2" },
        });
        expect(JSON.parse(response.body)).toMatchObject({
          type: "urn:problem-type:table-unavailable",
          detail: "The table is busy. Wait a moment, then send the request again.",
          requestId: "request-id",
        });
        expect(response.body).not.toMatch(/stub|smithy|Exception|127\.0\.0\.1/);
      }
    }
    const errors = output.lines().filter(({ level }) => level === "ERROR");
    expect(errors).toHaveLength(5 * faults.length);
    for (const line of errors) {
      expect(line).toMatchObject({
        error: { name: "TableUnavailableError", cause: { message: expect.any(String) } },
      });
    }
  });

  it("calls the table again if its first answer does not arrive", async () => {
    const handler = start(table.endpoint);
    table.fault = (_call, number) => (number === 1 ? "hang" : undefined);
    const started = performance.now();

    const response = await handler(postEvent({ id: "a", data: {} }), context());

    expect(response.statusCode).toBe(201);
    expect(table.calls).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("answers 503 if the table refuses connections", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const handler = start(`http://127.0.0.1:${port}`);

    const response = await handler(apiEvent(), context());

    expect(response).toMatchObject({ statusCode: 503, headers: { "retry-after": "2" } });
  });

  it("answers before Lambda would end the function", async () => {
    const handler = start(table.endpoint);
    table.fault = () => "hang";
    const started = performance.now();

    const response = await handler(apiEvent(), context({ getRemainingTimeInMillis: () => 600 }));

    expect(response.statusCode).toBe(503);
    expect(performance.now() - started).toBeLessThan(550);
  });

  it.each([
    ["an empty event", {}, "httpMethod, resource, requestContext"],
    ["no event", undefined, "the event itself"],
    ["an SQS event", { Records: [{ body: "secret" }] }, "httpMethod, resource, requestContext"],
    [
      "an HTTP API event",
      { version: "2.0", rawPath: "/secret", requestContext: { requestId: "r" } },
      "httpMethod, resource",
    ],
    ["a request without an id", { ...apiEvent(), requestContext: {} }, "requestContext.requestId"],
    ["a header that is not text", { ...apiEvent(), headers: { secret: 1 } }, "headers"],
  ])("throws on %s and names what is missing", async (_, event, missing) => {
    const handler = start(table.endpoint);

    const call = handler(event, context());

    await expect(call).rejects.toMatchObject({
      name: "UnexpectedEventError",
      message: `not an API Gateway REST proxy event: missing or of the wrong type: ${missing}`,
    });
    expect(output.text()).not.toContain("secret");
  });

  it("does not carry one request's keys into the next one's log lines", async () => {
    const handler = start(table.endpoint);

    await handler(postEvent("{"), context());
    await handler({}, context({ awsRequestId: "second" })).catch(() => {});
    await handler(apiEvent(), context({ awsRequestId: "third" }));

    const logs = output.lines().filter((line) => "level" in line);
    expect(logs.map(({ function_request_id }) => function_request_id)).toEqual([
      "lambda-request-id",
      "third",
    ]);
    expect(logs[1]).toMatchObject({ route: "GET /items/{id}", problem: "item-not-found" });
  });

  it("refuses to start without its configuration", () => {
    const attempt = () => start(table.endpoint, { TABLE_NAME: undefined, ENVIRONMENT: " " });

    expect(attempt).toThrow(
      "environment variables missing or empty: TABLE_NAME, ENVIRONMENT; set them on the function",
    );
  });
});
