import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sampleOf } from "../../../../../packages/alarms/sample";
import { AlarmEvaluations } from "../../../../../packages/laptop/gaps/alarms/alarm-evaluations";
import type { AlarmStates } from "../../../../../packages/laptop/gaps/alarms/alarm-states";
import { KnownAlarms, type PutAlarm } from "../../../../../packages/laptop/gaps/alarms/known-alarms";
import { EmulatorRestartsError } from "../../../../../packages/laptop/gaps/alarms/metric-samples";
import { Memory } from "../../../../../packages/laptop/gaps/shared/memory";

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
    const known = new KnownAlarms(memory("alarms"), memory("states"));
    for (const [name, alarm] of Object.entries(alarms)) known.put("eu-west-1", name, alarm);
    const readSamples = jest.fn().mockResolvedValue(() => [sampleOf(Date.now() - 30_000, 1)]);
    const change = jest.fn().mockResolvedValue(undefined);
    const endPeriods = jest.fn().mockResolvedValue(undefined);
    const report = jest.fn().mockResolvedValue(undefined);
    const states = { change, endPeriods } as unknown as AlarmStates;
    evaluations = new AlarmEvaluations({ known, states, report, readSamples });
    return { evaluations, known, readSamples, change, endPeriods, report };
  }

  it("evaluates an alarm soon after it is put, and then every minute", async () => {
    const { readSamples, change } = start({ errors });

    await jest.advanceTimersByTimeAsync(10_000);
    const first = readSamples.mock.calls.length;
    await jest.advanceTimersByTimeAsync(170_000);

    expect([first, readSamples.mock.calls.length]).toEqual([1, 4]);
    expect(change).toHaveBeenCalledWith(
      { region: "eu-west-1", name: "errors", put: errors },
      expect.objectContaining({ value: "ALARM", reason: expect.stringContaining("[1.0 ") }),
      expect.any(Number),
    );
  });

  it("evaluates an alarm with a shorter period every ten seconds", async () => {
    const { readSamples } = start({ errors: { ...errors, Period: 10 } });

    await jest.advanceTimersByTimeAsync(60_000);

    expect(readSamples).toHaveBeenCalledTimes(6);
  });

  it("reads the samples of all alarms in one call, from the beginning of the longest window", async () => {
    const { evaluations: running, readSamples } = start({
      errors,
      slow: { ...errors, MetricName: "Duration", Period: 300, EvaluationPeriods: 2 },
      composite: { AlarmRule: "ALARM(errors)" },
    });

    await running.evaluate(noon);

    expect(readSamples.mock.calls).toEqual([
      [
        {
          region: "eu-west-1",
          since: noon - 4 * 300_000,
          metrics: [
            expect.objectContaining({ Period: 60 }),
            expect.objectContaining({ Metric: expect.objectContaining({ MetricName: "Duration" }) }),
          ],
        },
      ],
    ]);
  });

  it("ends the periods of suppressed composite alarms, without any metric alarm", async () => {
    const composite = { AlarmRule: "TRUE" };
    const { readSamples, endPeriods } = start({ composite });

    await jest.advanceTimersByTimeAsync(10_000);

    expect(readSamples).not.toHaveBeenCalled();
    expect(endPeriods).toHaveBeenCalledWith(
      { region: "eu-west-1", name: "composite", put: composite },
      noon + 10_500,
    );
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

    await running.evaluate(noon);
    await running.evaluate(noon + 60_000);

    expect(report.mock.calls.map(([, error]) => error.message)).toEqual([
      expect.stringMatching(/^band cannot be evaluated: ComparisonOperator must be /),
      expect.stringMatching(/^none cannot be evaluated: all metrics of an alarm must have the same period/),
    ]);
    expect(change).toHaveBeenCalledTimes(2);
  });

  it("says nothing while the emulator restarts, and goes on afterwards", async () => {
    const { readSamples, change, report } = start({ errors });
    readSamples.mockRejectedValueOnce(new EmulatorRestartsError());

    await jest.advanceTimersByTimeAsync(70_000);

    expect(report).not.toHaveBeenCalled();
    expect(change).toHaveBeenCalledTimes(1);
  });

  it("reports any other failure", async () => {
    const { evaluations: running, readSamples, report } = start({ errors });
    readSamples.mockRejectedValueOnce(new Error("of the emulator"));

    await running.evaluate(noon);

    expect(report).toHaveBeenCalledWith("alarms", new Error("of the emulator"));
  });

  it("stops when it is closed", async () => {
    const { evaluations: running, readSamples } = start({ errors });

    running.close();
    await jest.advanceTimersByTimeAsync(120_000);

    expect(readSamples).not.toHaveBeenCalled();
  });
});
