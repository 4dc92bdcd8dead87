import {
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { binomialBounds } from "../../support/binomial";
import { useEmulators } from "./emulators";
import { eventSources } from "./event-sources";
import { createFunctionApi } from "./function-api";
import { lambdaMetric } from "./lambda-metric";
import { printedByMiniStack, printedWithPatches } from "./mini-stack";
import { type Execution, RecordingFunction } from "./recording-function";

/** The chance that a test about shares fails without a fault. */
const chance = 1e-6;
const share = 0.2;
const calls = 100;

describe("the weights of an alias", () => {
  const emulators = useEmulators();
  let recording: RecordingFunction;
  let lambda: LambdaClient;

  beforeAll(async () => {
    lambda = new LambdaClient(emulators.withGaps);
    recording = new RecordingFunction(emulators.withGaps, "weighted");
    await recording.create();
    await recording.publish();
    await recording.publish();
  });
  afterAll(() => recording.remove());

  it("are ignored by MiniStack", async () => {
    const invoked = await printedByMiniStack(
      "from ministack.services import lambda_svc as l",
      'arn = "arn:aws:lambda:us-east-1:000000000000:function:f"',
      'version = lambda number: {"config": {"FunctionName": "f", "FunctionArn": f"{arn}:{number}", "Version": number}}',
      'alias = {"FunctionVersion": "1", "RoutingConfig": {"AdditionalVersionWeights": {"2": 1.0}}}',
      'l._functions["f"] = {**version("$LATEST"), "versions": {n: version(n) for n in "12"}, "aliases": {"live": alias}}',
      'print(l._get_func_record_for_ref(f"{arn}:live")[1]["Version"], l._get_func_record_for_qualifier("f", "live")[1]["Version"])',
    );

    if (invoked !== "1 1") throw new Error("MiniStack now follows weights: remove alias_weights.py");
  });

  it("do not show in MiniStack's metrics, which count throttles as invocations", async () => {
    const printed = await printedByMiniStack(
      "from ministack.services import cloudwatch, lambda_svc as l",
      'l._emit_lambda_metrics("f", 1, False, True)',
      "print(sorted({(name, dimensions) for (_, name, dimensions), _ in cloudwatch._metrics.items()}))",
    );

    const names = ["Duration", "Errors", "Invocations", "Throttles"];
    if (printed !== `[${names.map((name) => `('${name}', 'FunctionName=f')`).join(", ")}]`) {
      throw new Error("MiniStack now counts like Lambda: remove invocations.py and lambda_metrics.py");
    }
  });

  it("choose the additional version as often as they say", async () => {
    const trials = 20_000;
    const weights = [0, 0.01, 0.1, 0.5, 0.9, 1];
    const counts = await printedWithPatches(
      "import alias_weights",
      'alias = lambda weight: {"FunctionVersion": "1", "RoutingConfig": {"AdditionalVersionWeights": {"2": weight}}}',
      `chosen = lambda weight: sum(alias_weights._chosen_version(alias(weight)) == "2" for _ in range(${trials}))`,
      `print([chosen(weight) for weight in ${JSON.stringify(weights)}])`,
    );

    for (const [index, count] of JSON.parse(counts).entries())
      expectWithin(count, trials, weights[index] ?? 0);
  });

  it("decide about each Invoke, which names the version it executed, and each version keeps its own process", async () => {
    const arn = await recording.createAlias("invoked", "1", { 2: share });

    const executions: Awaited<ReturnType<typeof invoke>>[] = [];
    for (let call = 0; call < calls; call++) executions.push(await invoke("invoked", "marker_invoke"));

    for (const { ExecutedVersion, execution } of executions) {
      const { contextVersion, variableVersion, invokedArn } = execution;
      expect([contextVersion, variableVersion, invokedArn]).toEqual([ExecutedVersion, ExecutedVersion, arn]);
    }
    const of = (version: string) => executions.filter(({ ExecutedVersion }) => ExecutedVersion === version);
    expectWithin(of("2").length, calls, share);
    for (const version of ["1", "2"]) {
      const own = of(version).map(({ execution }) => execution);
      expect(new Set(own.map(({ pid }) => pid)).size).toBe(1);
      expect(own.map(({ nth }) => nth)).toEqual(own.map((_, index) => index + 1));
    }
    expect(of("1")[0]?.execution.pid).not.toBe(of("2")[0]?.execution.pid);
  });

  it("decide about each request through an API", async () => {
    const arn = await recording.createAlias("served", "1", { 2: share });
    const call = await createFunctionApi(emulators.withGaps, arn);

    const executions: Execution[] = [];
    for (let count = 0; count < calls; count++) {
      executions.push((await (await call({ marker: "marker_api" })).json()) as Execution);
    }

    expect(executions.map(({ invokedArn }) => invokedArn)).toEqual(Array(calls).fill(arn));
    expectWithin(executions.filter(({ contextVersion }) => contextVersion === "2").length, calls, share);
  });

  it.each(Object.keys(eventSources).map((source, index) => [source, index] as const))(
    "decide about each event from %s",
    async (source, index) => {
      const events = 30;
      const marker = `marker_event${index}`;
      const send = await eventSources[source]?.(
        emulators.withGaps,
        await recording.createAlias(`source${index}`, "1", { 2: 0.5 }),
      );
      // So that 30 events at once do not start 30 processes.
      const FunctionName = recording.name;
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 3 }));

      for (let event = 0; event < events; event++) await send?.(marker);
      const executions = await recording.ended(marker, events);
      await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));

      expect(executions).toHaveLength(events);
      expectWithin(executions.filter(({ contextVersion }) => contextVersion === "2").length, events, 0.5);
    },
  );

  it("are followed at once when they change", async () => {
    await recording.createAlias("moving", "1");
    const settings = [{ 2: 1 }, { 2: 0 }, {}];

    const executed = [];
    for (const AdditionalVersionWeights of settings) {
      await lambda.send(
        new UpdateAliasCommand({
          FunctionName: recording.name,
          Name: "moving",
          RoutingConfig: { AdditionalVersionWeights },
        }),
      );
      const versions = [];
      for (let call = 0; call < 10; call++) {
        versions.push((await invoke("moving", "marker_moving")).ExecutedVersion);
      }
      executed.push(versions);
    }

    expect(executed).toEqual([Array(10).fill("2"), Array(10).fill("1"), Array(10).fill("1")]);
  });

  it("are not asked if a version or $LATEST is invoked itself", async () => {
    const versions = [];
    for (const qualifier of ["1", "2", "$LATEST", undefined]) {
      versions.push((await invoke(qualifier, "marker_direct")).ExecutedVersion);
    }

    expect(versions).toEqual(["1", "2", "$LATEST", "$LATEST"]);
  });

  it("show in the metrics of the alias and of each version that it executed", async () => {
    const arn = await recording.createAlias("metered", "1", { 2: 0.5 });
    const call = await createFunctionApi(emulators.withGaps, arn);
    const executed: (string | undefined)[] = [];
    for (let count = 0; count < 10; count++) {
      executed.push((await invoke("metered", "marker_failing")).ExecutedVersion);
      const response = (await (await call({ marker: "marker_fine" })).json()) as Execution;
      executed.push(response.contextVersion);
    }

    const Resource = `${recording.name}:metered`;
    const sums = await sumsOf({ Resource });
    const byVersion = await Promise.all(["1", "2"].map((one) => sumsOf({ Resource, ExecutedVersion: one })));

    expect(sums).toEqual({ Invocations: 20, Errors: 10, Throttles: 0, Duration: expect.any(Number) });
    expect(byVersion.map(({ Invocations }) => Invocations)).toEqual(
      ["1", "2"].map((version) => executed.filter((one) => one === version).length),
    );
    expect((byVersion[0]?.Errors ?? 0) + (byVersion[1]?.Errors ?? 0)).toBe(10);
    expect((await sumsOf({ Resource: `${recording.name}:1`, ExecutedVersion: "1" })).Invocations).toBe(0);
  });

  async function invoke(Qualifier: string | undefined, marker: string) {
    const { ExecutedVersion, Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: recording.name,
        Qualifier,
        Payload: Buffer.from(JSON.stringify({ marker })),
      }),
    );
    const { body = "{}" } = JSON.parse(Buffer.from(Payload ?? []).toString());
    return { ExecutedVersion, execution: JSON.parse(body) as Execution };
  }

  async function sumsOf(more: Readonly<Record<string, string>>) {
    const dimensions = { FunctionName: recording.name, ...more };
    const names = ["Invocations", "Errors", "Throttles", "Duration"];
    const sums = names.map((name) => lambdaMetric(emulators.withGaps, name, dimensions));
    return Object.fromEntries((await Promise.all(sums)).map((sum, index) => [names[index], sum]));
  }
});

function expectWithin(count: number, trials: number, weight: number): void {
  const { low, high } = binomialBounds(trials, weight, chance);

  expect(count).toBeGreaterThanOrEqual(low);
  expect(count).toBeLessThanOrEqual(high);
}
