import type { AlarmState } from "../../../packages/alarms/metric-alarm";
import { notSuppressed, type Suppression, suppress } from "../../../packages/alarms/suppression";

/** State changes by time: `t2` is 2. */
type Changes = Readonly<Record<number, AlarmState>>;

interface Scenario {
  readonly name: string;
  readonly composite: Changes;
  readonly suppressor: Changes;
  /** What suppresses actions from a time on; "-" for nothing. */
  readonly suppressed: Readonly<Record<number, string>>;
  /** The states whose actions are taken, by time. */
  readonly actions: Changes;
}

/** In the documentation's examples, the wait period is 2 units of time long, and the extension period 3. */
const settings = { waitSeconds: 2, extensionSeconds: 3 };

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html, examples 1 to 6 */
const documented: readonly Scenario[] = [
  {
    name: "1: actions are not suppressed after the wait period",
    composite: { 2: "ALARM" },
    suppressor: {},
    suppressed: { 2: "WaitPeriod", 4: "-" },
    actions: { 4: "ALARM" },
  },
  {
    name: "2: actions are suppressed by the alarm before the wait period expires",
    composite: { 2: "ALARM" },
    suppressor: { 3: "ALARM" },
    suppressed: { 2: "WaitPeriod", 3: "Alarm" },
    actions: {},
  },
  {
    name: "3: state transition when actions are suppressed by the wait period",
    composite: { 2: "ALARM", 3: "OK" },
    suppressor: {},
    suppressed: { 2: "WaitPeriod", 5: "-" },
    actions: { 5: "OK" },
  },
  {
    name: "4: state transition when actions are suppressed by the alarm",
    composite: { 2: "ALARM" },
    suppressor: { 0: "ALARM" },
    suppressed: { 0: "Alarm" },
    actions: {},
  },
  {
    name: "5: actions are not suppressed after the extension period",
    composite: { 2: "ALARM" },
    suppressor: { 3: "ALARM", 6: "OK" },
    suppressed: { 2: "WaitPeriod", 3: "Alarm", 6: "ExtensionPeriod", 9: "-" },
    actions: { 9: "ALARM" },
  },
  {
    name: "6: state transition when actions are suppressed by the extension period",
    composite: { 2: "ALARM", 7: "OK" },
    suppressor: { 3: "ALARM", 6: "OK" },
    suppressed: { 2: "WaitPeriod", 3: "Alarm", 6: "ExtensionPeriod", 7: "WaitPeriod", 9: "-" },
    actions: { 9: "OK" },
  },
];

const further: readonly Scenario[] = [
  {
    name: "a suppressor that comes and goes without a change of the composite alarm leaves nothing to do",
    composite: {},
    suppressor: { 1: "ALARM", 3: "OK" },
    suppressed: { 1: "Alarm", 3: "ExtensionPeriod", 6: "-" },
    actions: {},
  },
  {
    name: "a suppressor that goes back into ALARM ends the extension period",
    composite: { 2: "ALARM" },
    suppressor: { 1: "ALARM", 3: "OK", 5: "ALARM", 7: "INSUFFICIENT_DATA" },
    suppressed: { 1: "Alarm", 3: "ExtensionPeriod", 5: "Alarm", 7: "ExtensionPeriod", 10: "-" },
    actions: { 10: "ALARM" },
  },
  {
    name: "changes long apart act each after their own wait period",
    composite: { 1: "ALARM", 6: "OK" },
    suppressor: {},
    suppressed: { 1: "WaitPeriod", 3: "-", 6: "WaitPeriod", 8: "-" },
    actions: { 3: "ALARM", 8: "OK" },
  },
];

/** Walks through ten units of time. */
function play({ composite, suppressor }: Scenario, { waitSeconds, extensionSeconds } = settings) {
  let before: Suppression = notSuppressed;
  let state: AlarmState = "OK";
  let suppressorState: AlarmState = "OK";
  const actions: Record<number, AlarmState> = {};
  const suppressed: Record<number, string> = {};
  for (let time = 0; time <= 10; time += 1) {
    state = composite[time] ?? state;
    suppressorState = suppressor[time] ?? suppressorState;
    const moment = {
      at: time * 1000,
      hasChanged: composite[time] !== undefined,
      suppressor: suppressorState,
    };
    const { suppression, takesActions } = suppress(before, moment, { waitSeconds, extensionSeconds });
    if (suppression.by !== before.by) suppressed[time] = suppression.by ?? "-";
    if (takesActions) actions[time] = state;
    before = suppression;
  }
  return { suppressed, actions };
}

describe("suppress", () => {
  it.each(documented)("does as CloudWatch documents it in example $name", (scenario) => {
    expect(play(scenario)).toEqual({ suppressed: scenario.suppressed, actions: scenario.actions });
  });

  it.each(further)("$name", (scenario) => {
    expect(play(scenario)).toEqual({ suppressed: scenario.suppressed, actions: scenario.actions });
  });

  it("acts at once if there are no periods", () => {
    const scenario = {
      ...further[0],
      composite: { 2: "ALARM", 4: "OK" },
      suppressor: { 3: "ALARM", 6: "OK" },
    } as Scenario;

    expect(play(scenario, { waitSeconds: 0, extensionSeconds: 0 })).toEqual({
      suppressed: { 3: "Alarm", 6: "-" },
      actions: { 2: "ALARM", 6: "OK" },
    });
  });

  it("suppresses nothing if the suppressor has been deleted", () => {
    const moment = { at: 0, hasChanged: true, suppressor: undefined };

    expect(suppress(notSuppressed, moment, { waitSeconds: 0, extensionSeconds: 60 }).takesActions).toBe(true);
  });
});
