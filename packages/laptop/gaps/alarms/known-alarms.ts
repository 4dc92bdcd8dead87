import { parseAlarmRule } from "../../../alarms/alarm-rule";
import type { AlarmState } from "../../../alarms/metric-alarm";
import type { NotifyingAlarm } from "../../../alarms/notification";
import type { Suppression } from "../../../alarms/suppression";
import type { Memory } from "../shared/memory";

/** An alarm as it was put, metric or composite. */
export interface PutAlarm extends NotifyingAlarm {
  readonly ActionsSuppressor?: string | undefined;
  /** In seconds. */
  readonly ActionsSuppressorWaitPeriod?: number | undefined;
  /** In seconds. */
  readonly ActionsSuppressorExtensionPeriod?: number | undefined;
}

/** An alarm's state, with what led to it. */
export interface KnownState {
  readonly value: AlarmState;
  readonly previous: AlarmState;
  readonly reason: string;
  readonly suppression?: Suppression | undefined;
}

export interface KnownAlarm {
  readonly region: string;
  readonly name: string;
  readonly put: PutAlarm;
}

const initial: KnownState = {
  value: "INSUFFICIENT_DATA",
  previous: "INSUFFICIENT_DATA",
  reason: "Unchecked: Initial alarm creation",
};

/** The alarms that were put through the gateway, and their states. */
export class KnownAlarms {
  constructor(
    private readonly alarms: Memory<PutAlarm>,
    private readonly states: Memory<KnownState>,
  ) {}

  all(): readonly KnownAlarm[] {
    return this.alarms.entries().map(([key, put]) => {
      const [region = "", name = ""] = key.split(/\/(.*)/s);
      return { region, name, put };
    });
  }

  get(region: string, name: string): PutAlarm | undefined {
    return this.alarms.get(keyOf(region, name));
  }

  /** An update keeps the state. A different suppressor discards the periods of the previous one. */
  put(region: string, name: string, alarm: PutAlarm): void {
    const before = this.get(region, name);
    this.alarms.set(keyOf(region, name), alarm);
    const state = this.state(region, name);
    if (before?.ActionsSuppressor !== alarm.ActionsSuppressor && state.suppression) {
      this.setState(region, name, { ...state, suppression: undefined });
    }
  }

  delete(region: string, name: string): void {
    this.alarms.delete(keyOf(region, name));
    this.states.delete(keyOf(region, name));
  }

  state(region: string, name: string): KnownState {
    return this.states.get(keyOf(region, name)) ?? initial;
  }

  setState(region: string, name: string, state: KnownState): void {
    this.states.set(keyOf(region, name), state);
  }

  /** The state of an alarm that a rule or a suppressor refers to, by name or ARN. */
  stateOf(region: string, reference: string): AlarmState | undefined {
    const name = nameOf(reference);
    return this.get(region, name) && this.state(region, name).value;
  }

  /** The composite alarms whose rule names an alarm. */
  parentsOf(region: string, name: string): readonly KnownAlarm[] {
    return this.all().filter(
      ({ region: other, put }) =>
        other === region &&
        put.AlarmRule !== undefined &&
        parseAlarmRule(put.AlarmRule).alarms.some((alarm) => nameOf(alarm) === name),
    );
  }

  /** The composite alarms whose actions an alarm suppresses. */
  suppressedBy(region: string, name: string): readonly KnownAlarm[] {
    return this.all().filter(
      ({ region: other, put }) =>
        other === region && put.ActionsSuppressor !== undefined && nameOf(put.ActionsSuppressor) === name,
    );
  }
}

function keyOf(region: string, name: string): string {
  return `${region}/${name}`;
}

function nameOf(reference: string): string {
  return reference.replace(/^arn:[^:]*:cloudwatch:[^:]*:\d*:alarm:/, "");
}
