import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ResourceNotFound } from "@aws-sdk/client-cloudwatch";
import type { AlarmState } from "../../../../../packages/alarms/metric-alarm";
import { AlarmStates } from "../../../../../packages/laptop/gaps/alarms/alarm-states";
import { KnownAlarms, type PutAlarm } from "../../../../../packages/laptop/gaps/alarms/known-alarms";
import type { AwsClients } from "../../../../../packages/laptop/gaps/shared/aws-clients";
import { Memory } from "../../../../../packages/laptop/gaps/shared/memory";
import type { PatchedEmulator } from "../../../../../packages/laptop/gaps/shared/patched-emulator";

const region = "eu-west-1";
const noon = Date.UTC(2026, 0, 31, 12);
const topic = "arn:aws:sns:eu-west-1:000000000000:alarms";
const actions = { AlarmActions: [topic], OKActions: [topic] };

describe("AlarmStates", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "alarm-states-"));
  let files = 0;
  afterAll(() => rmSync(folder, { recursive: true }));

  function start(alarms: Readonly<Record<string, PutAlarm>>) {
    files += 1;
    const memory = <T>(name: string) => new Memory<T>(path.join(folder, `${files}-${name}.json`));
    const report = jest.fn().mockResolvedValue(undefined);
    const known = new KnownAlarms(memory("alarms"), memory("states"), report);
    for (const [name, alarm] of Object.entries(alarms))
      known.put(region, name, { AlarmName: name, ...alarm });
    const cloudWatch = jest.fn().mockResolvedValue({});
    const sns = jest.fn().mockResolvedValue({});
    const call = jest.fn().mockResolvedValue({});
    const mayPublish = jest.fn().mockResolvedValue(true);
    const clients = { cloudWatch: () => ({ send: cloudWatch }), sns: () => ({ send: sns }), mayPublish };
    const states = new AlarmStates({
      account: "000000000000",
      known,
      clients: clients as unknown as AwsClients,
      emulator: { call } as unknown as PatchedEmulator,
      report,
    });
    const set = (name: string, value: AlarmState, at = noon) =>
      states.change({ region, name, put: known.get(region, name) ?? {} }, { value, reason: "a test" }, at);
    const stored = () => cloudWatch.mock.calls.map(([{ input }]) => `${input.AlarmName} ${input.StateValue}`);
    const notified = () =>
      sns.mock.calls.map(([{ input }]) => {
        const { AlarmName, OldStateValue, NewStateValue } = JSON.parse(input.Message);
        return `${AlarmName} ${OldStateValue} -> ${NewStateValue}`;
      });
    /** The events on the default bus. */
    const events = () =>
      call.mock.calls.map(([name, input]) => {
        const { alarmName, previousState, state } = JSON.parse(input.entry.Detail);
        return `${name} in ${input.region}: ${alarmName} ${previousState.value} -> ${state.value}`;
      });
    return { states, known, set, stored, notified, events, call, cloudWatch, sns, mayPublish, report };
  }

  it("stores a new state and notifies once", async () => {
    const { set, stored, notified } = start({ errors: actions });

    await set("errors", "ALARM");
    await set("errors", "ALARM");

    expect(stored()).toEqual(["errors ALARM"]);
    expect(notified()).toEqual(["errors INSUFFICIENT_DATA -> ALARM"]);
  });

  it("sends an event for each change, even without actions", async () => {
    const { set, events } = start({ errors: {}, service: { AlarmRule: "ALARM(errors)" } });

    await set("errors", "OK");
    await set("errors", "ALARM");

    expect(events()).toEqual([
      "event in eu-west-1: errors INSUFFICIENT_DATA -> OK",
      "event in eu-west-1: service INSUFFICIENT_DATA -> OK",
      "event in eu-west-1: errors OK -> ALARM",
      "event in eu-west-1: service OK -> ALARM",
    ]);
  });

  it("names the states' reasons and the triggering alarm in events", async () => {
    const { set, call } = start({ errors: {}, service: { AlarmRule: "ALARM(errors)" } });

    await set("errors", "OK", noon - 60_000);
    await set("errors", "ALARM");

    const { state, previousState } = JSON.parse(call.mock.calls.at(-1)[1].entry.Detail);
    expect(previousState.timestamp).toBe("2026-01-31T11:59:00.000+0000");
    expect(state.timestamp).toBe("2026-01-31T12:00:00.000+0000");
    expect(state.reason).toMatch(
      /alarm:errors transitioned to ALARM at Saturday 31 January, 2026 12:00:00 UTC$/,
    );
    expect(JSON.parse(state.reasonData)).toEqual({
      triggeringAlarms: [
        {
          arn: "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:errors",
          state: { value: "ALARM", timestamp: "2026-01-31T12:00:00.000+0000" },
        },
      ],
    });
  });

  it("notifies even if the event cannot be sent, which is reported", async () => {
    const { set, call, notified, report } = start({ errors: actions });
    call.mockRejectedValueOnce(new Error("no bus"));

    await set("errors", "ALARM");

    expect(notified()).toHaveLength(1);
    expect(report).toHaveBeenCalledWith("alarms", new Error("no bus"));
  });

  it("passes changes on through composite alarms, and stops at a cycle", async () => {
    const { set, events, stored, known } = start({
      errors: {},
      a: { AlarmRule: "ALARM(errors) OR ALARM(b)" },
      b: { AlarmRule: "ALARM(a)" },
      flipping: { AlarmRule: "NOT ALARM(flipping) AND ALARM(b)" },
    });

    await set("errors", "ALARM");

    expect(events().map((event) => event.split(" ")[3])).toEqual(["errors", "a", "b", "flipping"]);
    // MiniStack evaluates composite alarms too, and stores their states.
    expect(stored()).toEqual(["errors ALARM"]);
    expect(known.state(region, "b").reason).toBe(
      "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a transitioned to ALARM at Saturday 31 January, 2026 12:00:00 UTC",
    );
  });

  it("evaluates the other composite alarms if the rule of one cannot be parsed, which is reported once", async () => {
    const { set, known, report } = start({
      errors: {},
      odd: { AlarmRule: "ALARM(errors" },
      service: { AlarmRule: "ALARM(errors)" },
    });

    await set("errors", "ALARM");
    await set("errors", "OK");

    expect(known.state(region, "service").value).toBe("OK");
    expect(known.state(region, "service").before.value).toBe("ALARM");
    expect(report.mock.calls.map(([, error]) => error.message)).toEqual([
      expect.stringMatching(/^odd cannot be evaluated: .*expected "\)" at character 13/),
    ]);
  });

  it("evaluates the other composite alarms if one fails", async () => {
    const { set, known, report } = start({
      errors: {},
      failing: { AlarmRule: "ALARM(errors)", ActionsSuppressor: "errors" },
      service: { AlarmRule: "ALARM(errors)" },
    });
    const stateOf = known.stateOf.bind(known);
    let failures = 1;
    jest.spyOn(known, "ruleOf").mockImplementation((alarm) => {
      const rule = KnownAlarms.prototype.ruleOf.call(known, alarm);
      if (alarm.name !== "failing" || !rule) return rule;
      const isTrue = () => {
        failures -= 1;
        if (failures === 0) throw new Error("of the rule");
        return rule.isTrue((reference) => stateOf(region, reference));
      };
      return { ...rule, isTrue };
    });

    await set("errors", "ALARM");

    expect(known.state(region, "service").value).toBe("ALARM");
    expect(report).toHaveBeenCalledWith("alarms", new Error("of the rule"));
  });

  it("waits for a suppressor, and acts when the period is over", async () => {
    const { states, set, notified, known } = start({
      errors: {},
      deployment: {},
      service: {
        ...actions,
        AlarmRule: "ALARM(errors)",
        ActionsSuppressor: "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:deployment",
        ActionsSuppressorWaitPeriod: 60,
        ActionsSuppressorExtensionPeriod: 120,
      },
    });
    const service = { region, name: "service", put: known.get(region, "service") ?? {} };
    const by = () => known.state(region, "service").suppression?.by;

    await set("errors", "ALARM");
    const found = [by()];
    await set("deployment", "ALARM", noon + 30_000);
    found.push(by());
    await set("deployment", "OK", noon + 100_000);
    await states.endPeriods(service, noon + 219_999);
    found.push(by());
    const before = notified().length;
    await states.endPeriods(service, noon + 220_000);
    found.push(by());
    await states.endPeriods(service, noon + 300_000);

    expect(found).toEqual(["WaitPeriod", "Alarm", "ExtensionPeriod", undefined]);
    expect([before, notified()]).toEqual([0, ["service INSUFFICIENT_DATA -> ALARM"]]);
  });

  it("notifies of a state that a caller has set, which the emulator has stored, and passes it on", async () => {
    const { states, known, stored, notified } = start({
      errors: actions,
      service: { AlarmRule: "ALARM(errors)" },
    });
    const alarm = { region, name: "errors", put: known.get(region, "errors") ?? {} };

    for (const value of ["ALARM", "ALARM"] as const)
      await states.changedByCaller(alarm, { value, reason: "a drill" }, noon);

    expect(stored()).toEqual([]);
    expect(notified()).toEqual(["errors INSUFFICIENT_DATA -> ALARM"]);
    expect(known.state(region, "service").value).toBe("ALARM");
  });

  it("discards the period of a suppressor that is replaced", async () => {
    const composite = { AlarmRule: "ALARM(errors)", ActionsSuppressorWaitPeriod: 60 };
    const { set, known } = start({ errors: {}, service: { ...composite, ActionsSuppressor: "a" } });
    await set("errors", "ALARM");
    const before = known.state(region, "service");

    known.put(region, "service", { ...composite, ActionsSuppressor: "b" });

    expect(before.suppression?.by).toBe("WaitPeriod");
    expect(known.state(region, "service")).toEqual({ ...before, suppression: undefined });
  });

  it("reports what it cannot notify, and notifies the others", async () => {
    const gone = `${topic}-gone`;
    const lambda = "arn:aws:lambda:eu-west-1:000000000000:function:f";
    const { set, sns, report } = start({ errors: { AlarmActions: [gone, lambda, topic] } });
    sns.mockRejectedValueOnce(new Error("Topic does not exist"));

    await set("errors", "ALARM");

    expect(report.mock.calls.map(([, error]) => error.message)).toEqual([
      `errors could not notify ${gone} of ALARM: Error: Topic does not exist`,
      `errors could not notify ${lambda} of ALARM: Error: only SNS topics are supported here`,
    ]);
    expect(sns.mock.calls.map(([{ input }]) => input.TopicArn)).toEqual([gone, topic]);
  });

  it("notifies only the topics whose policies let CloudWatch publish for the alarm", async () => {
    const closed = `${topic}-closed`;
    const { set, sns, mayPublish, report } = start({ errors: { AlarmActions: [closed, topic] } });
    mayPublish.mockImplementation(async (publishing) => publishing.topic !== closed);

    await set("errors", "ALARM");

    expect(mayPublish.mock.calls.map(([{ service, source }]) => [service, source])).toEqual(
      Array(2).fill(["cloudwatch.amazonaws.com", "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:errors"]),
    );
    expect(sns.mock.calls.map(([{ input }]) => input.TopicArn)).toEqual([topic]);
    expect(report.mock.calls.map(([, error]) => error.message)).toEqual([
      `errors could not notify ${closed} of ALARM: Error: the topic's policy does not allow it`,
    ]);
  });

  it("forgets an alarm that the emulator does not have", async () => {
    const { set, cloudWatch, known, sns } = start({ errors: actions });
    cloudWatch.mockRejectedValueOnce(new ResourceNotFound({ message: "gone", $metadata: {} }));

    await set("errors", "ALARM");

    expect(known.all()).toEqual([]);
    expect(sns).not.toHaveBeenCalled();
  });

  it("keeps the state if the new one cannot be stored, so that the next evaluation tries again", async () => {
    const { set, cloudWatch, notified } = start({ errors: actions });
    cloudWatch.mockRejectedValueOnce(new Error("restarting"));

    await expect(set("errors", "ALARM")).rejects.toThrow("restarting");
    await set("errors", "ALARM");

    expect(notified()).toEqual(["errors INSUFFICIENT_DATA -> ALARM"]);
  });

  it("keeps Regions apart", async () => {
    const { set, known, stored } = start({ errors: {} });
    known.put("us-east-1", "service", { AlarmRule: "ALARM(errors)" });

    await set("errors", "ALARM");

    expect(stored()).toEqual(["errors ALARM"]);
  });
});
