import { Alarms } from "../../../../../packages/laptop/gaps/alarms/alarms";
import type { PutAlarm } from "../../../../../packages/laptop/gaps/alarms/known-alarms";
import type { Call } from "../../../../../packages/laptop/gaps/gap";
import type { AwsClients } from "../../../../../packages/laptop/gaps/shared/aws-clients";
import type { Memory } from "../../../../../packages/laptop/gaps/shared/memory";
import type { PatchedEmulator } from "../../../../../packages/laptop/gaps/shared/patched-emulator";

const answer = { status: 200, rawHeaders: [], body: Buffer.from("{}") };
const errors: PutAlarm = {
  AlarmName: "errors",
  ...{ Namespace: "N", MetricName: "M", Statistic: "Sum", Period: 60, EvaluationPeriods: 1 },
  ...{ ComparisonOperator: "GreaterThanThreshold", Threshold: 0, AlarmActions: ["arn:aws:sns:x"] },
};

describe("Alarms", () => {
  let alarms: Alarms | undefined;
  afterEach(() => alarms?.close());

  function start(set: () => void = () => {}) {
    const memory = <T>() => ({ get: () => undefined, entries: () => [], set }) as unknown as Memory<T>;
    const report = jest.fn().mockResolvedValue(undefined);
    alarms = new Alarms({
      account: "000000000000",
      ...{ region: "eu-west-1", report, collect: async () => {} },
      ...{ clients: {} as AwsClients, emulator: {} as PatchedEmulator },
      ...{ alarms: memory(), states: memory() },
    });
    return { alarms, report };
  }

  function callOf(action: string, input: object): { readonly call: Call; readonly pass: jest.Mock } {
    const pass = jest.fn().mockResolvedValue(answer);
    const head = {
      ...{ method: "POST", path: "/", query: new URLSearchParams(), headers: {} },
      ...{ account: "000000000000", service: "monitoring", region: "eu-west-1", action },
    };
    return { call: { head, body: Buffer.from(JSON.stringify(input)), pass }, pass };
  }

  it("passes an alarm on once, without metrics and actions, even if it cannot remember it", async () => {
    const { alarms: gap, report } = start(() => {
      throw new Error("disk full");
    });
    const { call, pass } = callOf("PutMetricAlarm", errors);

    const given = await gap.intercept(call);

    expect(given).toBe(answer);
    expect(report.mock.calls).toEqual([["alarms", new Error("disk full")]]);
    expect(pass.mock.calls.map(([{ body }]) => Object.keys(JSON.parse(`${body}`)))).toEqual([
      expect.not.arrayContaining(["MetricName", "AlarmActions"]),
    ]);
  });

  it.each([
    ["PutMetricAlarm", { ...errors, Period: 7 }],
    ["PutCompositeAlarm", { AlarmName: "c", AlarmRule: "ALARM(" }],
  ])("rejects an alarm of %s that CloudWatch rejects, and does not pass it on", async (action, input) => {
    const { alarms: gap } = start();
    const { call, pass } = callOf(action, input);

    const { status, body } = await gap.intercept(call);

    expect([status, JSON.parse(`${body}`).__type]).toEqual([
      400,
      "com.amazonaws.cloudwatch#ValidationException",
    ]);
    expect(pass).not.toHaveBeenCalled();
  });
});
