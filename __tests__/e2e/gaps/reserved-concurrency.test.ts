import {
  CreateFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  TooManyRequestsException,
} from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { zipOf } from "../../support/zip";
import { signedFetch } from "../signed-fetch";
import { until } from "../until";
import { account, region, useEmulators } from "./emulators";
import { eventSources } from "./event-sources";
import { createFunctionApi } from "./function-api";
import { lambdaMetric } from "./lambda-metric";
import { printedByMiniStack, printedWithPatches } from "./mini-stack";
import { receiveMessage } from "./queue-message";
import { RecordingFunction } from "./recording-function";

const reason = "ReservedFunctionConcurrentInvocationLimitExceeded";

describe("reserved concurrency", () => {
  const emulators = useEmulators();
  let recording: RecordingFunction;
  let lambda: LambdaClient;
  let liveArn: string;
  const FunctionName = "reserving";

  beforeAll(async () => {
    lambda = new LambdaClient({ ...emulators.withGaps, maxAttempts: 1 });
    const sqs = new SQSClient(emulators.withGaps);
    for (const QueueName of ["reserving-letters", "reserving-failures"]) {
      await sqs.send(new CreateQueueCommand({ QueueName }));
    }
    recording = new RecordingFunction(emulators.withGaps, FunctionName);
    const TargetArn = `arn:aws:sqs:${region}:${account}:reserving-letters`;
    await recording.create({ DeadLetterConfig: { TargetArn } });
    await recording.publish();
    await recording.publish();
    liveArn = await recording.createAlias("live", "1", { 2: 0.5 });
    await recording.createAlias("configured", "1");
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName,
        Qualifier: "configured",
        MaximumRetryAttempts: 0,
        DestinationConfig: {
          OnFailure: { Destination: `arn:aws:sqs:${region}:${account}:reserving-failures` },
        },
      }),
    );
  });
  afterEach(() => lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })));
  afterAll(() => recording.remove());

  it("is not enforced for versions in MiniStack, has no limit there, and its throttles have other words", async () => {
    const printed = await printedByMiniStack(
      "from ministack.services import lambda_svc as l",
      'version = {"config": {"FunctionName": "f", "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f:1"}}',
      'l._functions["f"] = {**version, "versions": {"1": version}, "aliases": {}, "concurrency": 0}',
      'print(l._reserved_concurrency(version, version["config"]))',
      'print(l._put_function_concurrency("f", {"ReservedConcurrentExecutions": 5000})[0])',
      'print(l._throttle_response("x", "words")["body"]["message"])',
    );

    if (printed !== "None\n200\nwords") {
      throw new Error("MiniStack now enforces it itself: remove what it does of reserved_concurrency.py");
    }
  });

  it("makes MiniStack give up on an event after three throttles", async () => {
    const attempts = await printedByMiniStack(
      "import threading",
      "from ministack.services import lambda_svc as l",
      "attempts, l._LAMBDA_ASYNC_RETRY_BASE_SECONDS = [], 0",
      'l._execute_function = lambda *_: attempts.append(1) or {"throttle": True, "error": True}',
      'config = {"FunctionName": "f", "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f"}',
      'l.invoke_async_with_retry({"config": config}, {})',
      "[one.join(10) for one in threading.enumerate() if one.daemon]",
      "print(len(attempts))",
    );

    if (attempts !== "3")
      throw new Error("MiniStack now waits for concurrency itself: remove waiting_events.py");
  });

  it.each([
    ["live", "live"],
    ["live", "1"],
    ["1", "2"],
    ["2", undefined],
    [undefined, "live"],
  ])(
    "is shared by all versions and aliases: while %s uses all of it, %s is throttled",
    async (user, other) => {
      const marker = `marker_shared_${user}_${other}`;
      await reserve(1);
      recording.hold(marker);
      const held = invoke(marker, user);
      await recording.begun(marker);

      const error = await invoke("marker_none", other).catch((thrown) => thrown);
      recording.release(marker);
      await held;
      const afterwards = await invoke("marker_none", other);

      expect(error).toBeInstanceOf(TooManyRequestsException);
      expect(error).toMatchObject({ message: "Rate Exceeded.", Reason: reason, Type: "User" });
      expect(error.$metadata.httpStatusCode).toBe(429);
      expect(afterwards.FunctionError).toBeUndefined();
    },
  );

  it("of 2 lets two executions run at once, and counts what happens to each", async () => {
    const marker = "marker_two";
    const before = await metrics();
    await reserve(2);
    recording.hold(marker);
    const held = [invoke(marker, "live"), invoke(marker, "live")];
    await recording.begun(marker, 2);

    const throttled = await Promise.all(
      Array.from({ length: 3 }, () => invoke(marker, "live").catch((thrown) => thrown.name)),
    );
    recording.release(marker);
    await Promise.all(held);
    const after = await metrics();

    expect(throttled).toEqual(Array(3).fill("TooManyRequestsException"));
    expect(after.map((sum, index) => sum - (before[index] ?? 0))).toEqual([2, 0, 3, 2, 0, 3]);
    expect(await lambdaMetric(emulators.withGaps, "ConcurrentExecutions", { FunctionName }, "Maximum")).toBe(
      2,
    );
    expect(await lambdaMetric(emulators.withGaps, "ConcurrentExecutions", {}, "Maximum")).toBe(2);
  });

  it.each([undefined, "live", "1"])(
    "of 0 throttles every invocation of %s, with Lambda's response",
    async (Qualifier) => {
      await reserve(0);

      const path = `/2015-03-31/functions/${FunctionName}/invocations${Qualifier ? `?Qualifier=${Qualifier}` : ""}`;
      const response = await signedFetch(
        `${emulators.withGaps.endpoint}${path}`,
        { method: "POST", body: "{}" },
        { service: "lambda" },
      );

      expect(response.status).toBe(429);
      expect(response.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
      expect(response.headers.get("x-amz-executed-version")).toBeNull();
      expect(await response.json()).toEqual({ Reason: reason, Type: "User", message: "Rate Exceeded." });
    },
  );

  it("of an alias that is throttled makes an API return 500", async () => {
    const call = await createFunctionApi(emulators.withGaps, liveArn);
    await reserve(0);

    const response = await call({ marker: "marker_api" });

    expect([response.status, await response.json()]).toEqual([500, { message: "Internal server error" }]);
    expect(recording.count("begun", "marker_api")).toBe(0);
  });

  it.each(Object.keys(eventSources).map((source, index) => [source, index] as const))(
    "makes an event from %s wait, which is then delivered once",
    async (source, index) => {
      const [occupying, marker] = [`marker_occupying${index}`, `marker_waiting${index}`];
      const alias = await recording.createAlias(`source${index}`, "1", { 2: 0.5 });
      const send = await eventSources[source]?.(emulators.withGaps, alias);
      await reserve(1);
      recording.hold(occupying);
      const held = invoke(occupying, "live");
      await recording.begun(occupying);

      await send?.(marker);
      await until("the event was throttled three times", 30, async () => {
        const [, , throttles = 0] = await metrics(`source${index}`);
        return throttles >= 3;
      });
      const begunWhileFull = recording.count("begun", marker);
      recording.release(occupying);
      await held;
      await until("the event was counted", 30, async () => ((await metrics(`source${index}`))[0] ?? 0) > 0);
      const [invocations, errors] = await metrics(`source${index}`);

      expect(begunWhileFull).toBe(0);
      expect(recording.count("ended", marker)).toBe(1);
      expect([invocations, errors]).toEqual([1, 0]);
      expect(await letters("reserving-letters")).toBe(0);
    },
  );

  it("of 0 sends an event to the dead-letter queue at once", async () => {
    await reserve(0);

    await invoke("marker_letter", "live", "Event");
    const letter = await receiveMessage(emulators.withGaps, "reserving-letters");

    expect(letter?.Body).toContain("marker_letter");
    expect(recording.count("begun", "marker_letter")).toBe(0);
  });

  it("of 0 sends an event of an alias with an event-invoke configuration to its destination, as never invoked", async () => {
    await reserve(0);

    await invoke("marker_destined", "configured", "Event");
    const failure = await receiveMessage(emulators.withGaps, "reserving-failures");
    const letter = await receiveMessage(emulators.withGaps, "reserving-letters");

    expect(JSON.parse(failure?.Body ?? "{}")).toEqual({
      version: "1.0",
      timestamp: expect.any(String),
      requestContext: {
        requestId: expect.any(String),
        functionArn: `${liveArn.replace(":live", "")}:configured`,
        condition: "ZeroReservedConcurrency",
        approximateInvokeCount: 0,
      },
      requestPayload: { marker: "marker_destined" },
    });
    expect(JSON.parse(letter?.Body ?? "{}")).toEqual({ marker: "marker_destined" });
  });

  it("makes an event of an alias with an event-invoke configuration wait, without counting as its attempt", async () => {
    await reserve(1);
    recording.hold("marker_busy");
    const held = invoke("marker_busy", "live");
    await recording.begun("marker_busy");

    await invoke("marker_configured", "configured", "Event");
    await until(
      "the event was throttled twice",
      30,
      async () => ((await metrics("configured"))[2] ?? 0) >= 2,
    );
    recording.release("marker_busy");
    await held;

    expect(await recording.ended("marker_configured")).toHaveLength(1);
    expect(await letters("reserving-failures")).toBe(0);
  });

  it("gives a throttled message back to its queue when its visibility timeout ends, and takes it again", async () => {
    const alias = await recording.createAlias("returned", "1");
    const send = await eventSources["a queue's mapping"]?.(emulators.withGaps, alias);
    await new SQSClient(emulators.withGaps).send(
      new SetQueueAttributesCommand({
        QueueUrl: `${emulators.withGaps.endpoint}/${account}/to-${FunctionName}-returned`,
        Attributes: { VisibilityTimeout: "2" },
      }),
    );
    // Nothing is reserved, so the mapping does not try the message again before its timeout.
    await reserve(0);

    await send?.("marker_returned");
    await until("the message was taken twice", 30, async () => ((await metrics("returned"))[2] ?? 0) >= 2);
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));

    expect(await recording.ended("marker_returned")).toHaveLength(1);
    expect((await metrics("returned"))[1]).toBe(0);
  });

  it("leaves at least 100 of the account's 1,000 executions in a Region to other functions", async () => {
    await createBystander(new LambdaClient(emulators.withGaps));
    const elsewhere = new LambdaClient({ ...emulators.withGaps, region: "us-west-2" });
    await createBystander(elsewhere);
    const minimum = /decreases account's UnreservedConcurrentExecution below its minimum value of \[100\]\.$/;

    await expect(reserve(901)).rejects.toThrow(minimum);
    await expect(reserve(5_000)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    expect((await reserve(900)).ReservedConcurrentExecutions).toBe(900);
    await expect(reserve(1, "bystander")).rejects.toThrow(minimum);
    expect((await reserve(0, "bystander")).ReservedConcurrentExecutions).toBe(0);
    // What a function has already reserved does not count against its new reservation.
    expect((await reserve(899)).ReservedConcurrentExecutions).toBe(899);
    expect((await reserve(1, "bystander")).ReservedConcurrentExecutions).toBe(1);
    await expect(reserve(900)).rejects.toThrow(minimum);

    const kept = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    expect(kept.ReservedConcurrentExecutions).toBe(899);
    expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 100 });
    await elsewhere.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "bystander", ReservedConcurrentExecutions: 900 }),
    );
  });

  it("is taken from the executions that other functions may have", async () => {
    const printed = await printedWithPatches(
      "import reserved_concurrency",
      "from ministack.services import lambda_svc as l",
      "l._ACCOUNT_CONCURRENCY_CAP = 0",
      'arn = "arn:aws:lambda:us-east-1:000000000000:function:"',
      'one = lambda name: {"config": {"FunctionName": name, "FunctionArn": arn + name}}',
      'l._functions["a"], l._functions["b"], l._functions["c"] = {**one("a"), "concurrency": 900}, one("b"), one("c")',
      'acquire = lambda name: l._acquire_execution_slot(one(name), one(name)["config"])[1]',
      'print([acquire("b") for _ in range(60)].count(None), [acquire("c") for _ in range(60)].count(None))',
      'print(acquire("b"), acquire("c"), [acquire("a") for _ in range(1000)].count(None), acquire("a"))',
    );

    expect(printed.split("\n")).toEqual(["60 40", "account account 900 function"]);
  });

  function reserve(ReservedConcurrentExecutions: number, name = FunctionName) {
    return lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions }),
    );
  }

  function invoke(
    marker: string,
    Qualifier?: string,
    InvocationType: "Event" | "RequestResponse" = "RequestResponse",
  ) {
    const Payload = Buffer.from(JSON.stringify({ marker }));
    return lambda.send(new InvokeCommand({ FunctionName, Qualifier, InvocationType, Payload }));
  }

  /** Invocations, errors and throttles of an alias; for `live`, also of the function. */
  async function metrics(alias = "live"): Promise<number[]> {
    const sets = [{ FunctionName, Resource: `${FunctionName}:${alias}` }];
    const all = alias === "live" ? [...sets, { FunctionName }] : sets;
    return Promise.all(
      all.flatMap((dimensions) =>
        ["Invocations", "Errors", "Throttles"].map((name) =>
          lambdaMetric(emulators.withGaps, name, dimensions),
        ),
      ),
    );
  }

  async function letters(queue: string): Promise<number> {
    const { Attributes } = await new SQSClient(emulators.withGaps).send(
      new GetQueueAttributesCommand({
        QueueUrl: `${emulators.withGaps.endpoint}/${account}/${queue}`,
        AttributeNames: ["ApproximateNumberOfMessages"],
      }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages);
  }
});

async function createBystander(client: LambdaClient): Promise<void> {
  await client.send(
    new CreateFunctionCommand({
      FunctionName: "bystander",
      Role: `arn:aws:iam::${account}:role/gaps`,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf("index.js", "exports.handler = async () => {};") },
    }),
  );
}
