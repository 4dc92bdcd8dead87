import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { metricsOf } from "../../../../../packages/alarms/metric-alarm";
import { sampleOf } from "../../../../../packages/alarms/sample";
import { AlarmEvaluations } from "../../../../../packages/laptop/gaps/alarms/alarm-evaluations";
import type { AlarmStates } from "../../../../../packages/laptop/gaps/alarms/alarm-states";
import { KnownAlarms, type PutAlarm } from "../../../../../packages/laptop/gaps/alarms/known-alarms";
import { Memory } from "../../../../../packages/laptop/gaps/shared/memory";
import { EmulatorRestartsError } from "../../../../../packages/laptop/gaps/shared/patched-emulator";

const region = "eu-west-1";
const noon = Date.UTC(2026, 0, 31, 12);
const errors: PutAlarm = {
  Namespace: "AWS/Lambda",
  MetricName: "Errors",
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  ComparisonOperator: "GreaterThanThreshold",
  Threshold: 0,
};

describe("AlarmEvaluations", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "alarm-evaluations-"));
  let evaluations: AlarmEvaluations | undefined;
  let files = 0;

  beforeEach(() => jest.useFakeTimers({ now: noon + 500 }));
  afterEach(() => {
    evaluations?.close();
    jest.useRealTimers();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function start(alarms: Readonly<Record<string, PutAlarm>>) {
    files += 1;
    const memory = <T>(name: string) => new Memory<T>(path.join(folder, `${files}-${name}.json`));
    const report = jest.fn().mockResolvedValue(undefined);
    const known = new KnownAlarms(memory("alarms"), memory("states"), report);
    for (const [name, alarm] of Object.entries(alarms)) known.put(region, name, alarm);
    let writes = 1;
    const write = () => {
      writes += 1;
    };
    const readSamples = jest.fn().mockImplementation(async () => ({
      writes,
      samples: () => [sampleOf(Date.now() - 30_000, 1)],
    }));
    const collect = jest.fn().mockResolvedValue(undefined);
    const change = jest.fn().mockResolvedValue(undefined);
    const endPeriods = jest.fn().mockResolvedValue(undefined);
    const states = { change, endPeriods } as unknown as AlarmStates;
    evaluations = new AlarmEvaluations({ known, states, report, collect, readSamples });
    /** The names of the alarms that were evaluated, in each reading of samples. */
    const evaluated = () => change.mock.calls.map(([{ name }]) => name);
    return { evaluations, known, readSamples, write, collect, change, evaluated, endPeriods, report };
  }

  it("evaluates an alarm soon after it is put, and then every minute", async () => {
    const { readSamples, change } = start({ errors });

    await jest.advanceTimersByTimeAsync(10_000);
    const first = readSamples.mock.calls.length;
    await jest.advanceTimersByTimeAsync(170_000);

    expect([first, readSamples.mock.calls.length]).toEqual([1, 4]);
    expect(change).toHaveBeenCalledWith(
      { region, name: "errors", put: errors },
      expect.objectContaining({ value: "ALARM", reason: expect.stringContaining("[1.0 ") }),
      expect.any(Number),
    );
  });

  it("evaluates an alarm with a shorter period every ten seconds", async () => {
    const { readSamples } = start({ errors: { ...errors, Period: 10 } });

    await jest.advanceTimersByTimeAsync(60_000);

    expect(readSamples).toHaveBeenCalledTimes(6);
  });

  it("reads the samples of all alarms in one call, each from the beginning of its window", async () => {
    const slow = { ...errors, MetricName: "Duration", Period: 300, EvaluationPeriods: 2 };
    const { evaluations: running, readSamples } = start({
      errors,
      slow,
      composite: { AlarmRule: "ALARM(errors)" },
    });

    await running.refresh(region, noon);

    expect(readSamples.mock.calls).toEqual([
      [{ region, metrics: [] }],
      [
        {
          region,
          metrics: [
            { stat: metricsOf(errors)[0], since: noon - 3 * 60_000 },
            { stat: metricsOf(slow)[0], since: noon - 4 * 300_000 },
          ],
        },
      ],
    ]);
  });

  it("collects what is in the logs before it evaluates by itself", async () => {
    const { collect, readSamples } = start({ errors });

    await jest.advanceTimersByTimeAsync(10_000);

    expect(collect.mock.calls).toEqual([[region]]);
    expect(collect.mock.invocationCallOrder[0]).toBeLessThan(readSamples.mock.invocationCallOrder[0] ?? 0);
  });

  it("skips ticks while an evaluation takes long", async () => {
    const { readSamples, report } = start({ errors: { ...errors, Period: 10 } });
    let finish = (_: unknown) => {};
    readSamples.mockReturnValueOnce(new Promise((resolve) => (finish = resolve)));

    await jest.advanceTimersByTimeAsync(60_000);
    const during = readSamples.mock.calls.length;
    finish({ writes: 1, samples: () => [] });
    await jest.advanceTimersByTimeAsync(10_000);

    expect([during, readSamples.mock.calls.length, report.mock.calls]).toEqual([1, 2, []]);
  });

  describe("before alarms are read", () => {
    const rule = { AlarmRule: "ALARM(a) OR ALARM(inner)", ActionsSuppressor: "deployment" };
    const alarms = {
      a: errors,
      b: errors,
      c: errors,
      deployment: errors,
      inner: { AlarmRule: "ALARM(b)" },
      service: rule,
    };

    it("evaluates the named alarms only, with all that their states depend on", async () => {
      const { evaluations: running, evaluated } = start(alarms);

      await running.refresh(region, noon, ["a"]);
      const one = evaluated();
      await running.refresh(region, noon, ["service"]);

      expect(one).toEqual(["a"]);
      expect(evaluated().slice(1).sort()).toEqual(["b", "deployment"]);
    });

    it("evaluates the caller's Region only", async () => {
      const { evaluations: running, known, evaluated } = start({ a: errors });
      known.put("us-east-1", "other", errors);

      await running.refresh(region, noon);

      expect(evaluated()).toEqual(["a"]);
    });

    it("evaluates an alarm again if samples have been written, or its next minute has begun", async () => {
      const { evaluations: running, evaluated, write } = start({ a: errors });

      const counts: number[] = [];
      for (const [at, hasWritten] of [
        [noon, false],
        [noon + 59_999, false],
        [noon + 59_999, true],
        [noon + 60_000, false],
      ] as const) {
        if (hasWritten) write();
        await running.refresh(region, at);
        counts.push(evaluated().length);
      }

      expect(counts).toEqual([1, 1, 2, 3]);
    });

    it("evaluates an alarm again that has been put again", async () => {
      const { evaluations: running, evaluated } = start({ a: errors });

      await running.refresh(region, noon);
      running.forget({ region, name: "a", put: errors });
      await running.refresh(region, noon);

      expect(evaluated()).toEqual(["a", "a"]);
    });

    it("keeps a state that was set by hand for the rest of the minute, whatever is written", async () => {
      const { evaluations: running, evaluated, write } = start({ a: errors });

      running.hold({ region, name: "a", put: errors }, noon);
      write();
      await running.refresh(region, noon + 59_999);
      const during = evaluated();
      await running.refresh(region, noon + 60_000);

      expect([during, evaluated()]).toEqual([[], ["a"]]);
    });

    it("reads no samples if there is nothing to evaluate", async () => {
      const { evaluations: running, readSamples } = start({ composite: { AlarmRule: "TRUE" } });

      await running.refresh(region, noon);
      await running.refresh(region, noon, ["gone"]);

      expect(readSamples).not.toHaveBeenCalled();
    });
  });

  it("ends the periods of suppressed composite alarms, without any metric alarm", async () => {
    const composite = { AlarmRule: "TRUE" };
    const { readSamples, endPeriods } = start({ composite });

    await jest.advanceTimersByTimeAsync(10_000);

    expect(readSamples).not.toHaveBeenCalled();
    expect(endPeriods).toHaveBeenCalledWith({ region, name: "composite", put: composite }, noon + 10_500);
  });

  it("reports once that an alarm cannot be evaluated, and evaluates the others", async () => {
    const {
      evaluations: running,
      change,
      report,
    } = start({
      band: { ...errors, ComparisonOperator: "LessThanLowerThreshold" },
      none: { ...errors, Period: undefined },
      errors,
    });

    await running.refresh(region, noon);
    await running.refresh(region, noon + 60_000);

    expect(report.mock.calls.map(([, error]) => error.message)).toEqual([
      expect.stringMatching(/^band cannot be evaluated: ComparisonOperator must be /),
      "none cannot be evaluated: Period must be positive, got 0",
    ]);
    expect(change).toHaveBeenCalledTimes(2);
  });

  it("says nothing while the emulator restarts, and tries again at the next tick", async () => {
    const { readSamples, change, report } = start({ errors });
    readSamples.mockRejectedValueOnce(new EmulatorRestartsError());

    await jest.advanceTimersByTimeAsync(20_000);

    expect(report).not.toHaveBeenCalled();
    expect(change).toHaveBeenCalledTimes(1);
  });

  it("reports any other failure", async () => {
    const { evaluations: running, readSamples, report } = start({ errors });
    readSamples.mockRejectedValueOnce(new Error("of the emulator"));

    await running.refresh(region, noon);

    expect(report).toHaveBeenCalledWith("alarms", new Error("of the emulator"));
  });

  it("reports an alarm anew that was evaluated in between", async () => {
    const { evaluations: running, known, report } = start({ a: { ...errors, Period: 0 } });

    for (const Period of [0, 60, 0]) {
      known.put(region, "a", { ...errors, Period });
      await running.refresh(region, noon + report.mock.calls.length * 60_000 + Period * 1000);
    }

    expect(report).toHaveBeenCalledTimes(2);
  });

  it("evaluates each Region's alarms with its own samples", async () => {
    const { known, readSamples, evaluated } = start({ errors });
    known.put("us-east-1", "other", errors);

    await jest.advanceTimersByTimeAsync(10_000);

    expect(readSamples.mock.calls.map(([request]) => request.region)).toEqual([region, "us-east-1"]);
    expect(evaluated()).toEqual(["errors", "other"]);
  });

  it("tries an alarm that cannot be evaluated once a minute, not at each tick", async () => {
    const { readSamples } = start({ errors: { ...errors, EvaluationPeriods: 0 } });

    await jest.advanceTimersByTimeAsync(59_000);

    expect(readSamples).toHaveBeenCalledTimes(1);
  });

  it("tries again at the next tick if a new state could not be stored", async () => {
    const { change, report } = start({ errors });
    change.mockRejectedValueOnce(new Error("busy"));

    await jest.advanceTimersByTimeAsync(20_000);

    expect(change).toHaveBeenCalledTimes(2);
    expect(report.mock.calls.map(([, error]) => error.message)).toEqual(["errors cannot be evaluated: busy"]);
  });

  it("stops when it is closed", async () => {
    const { evaluations: running, readSamples } = start({ errors });

    running.close();
    await jest.advanceTimersByTimeAsync(120_000);

    expect(readSamples).not.toHaveBeenCalled();
  });
});
