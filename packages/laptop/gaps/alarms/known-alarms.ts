import { alarmName } from "../../../alarms/alarm-arn";
import { type AlarmRule, parseAlarmRule } from "../../../alarms/alarm-rule";
import type { AlarmState } from "../../../alarms/metric-alarm";
import type { DescribedAlarm, ReachedState } from "../../../alarms/state-change-event";
import type { Suppression } from "../../../alarms/suppression";
import type { Memory } from "../shared/memory";
import type { Report } from "../shared/report";

/** An alarm as it was put, metric or composite. */
export type PutAlarm = DescribedAlarm;

/** An alarm's state, with what led to it. */
export interface KnownState extends ReachedState {
  readonly before: ReachedState;
  readonly suppression?: Suppression | undefined;
}

export interface KnownAlarm {
  readonly region: string;
  readonly name: string;
  readonly put: PutAlarm;
}

const unchecked: ReachedState = {
  value: "INSUFFICIENT_DATA",
  reason: "Unchecked: Initial alarm creation",
  at: 0,
};
const initial: KnownState = { ...unchecked, before: unchecked };

/** The alarms that were put through the gateway, and their states. */
export class KnownAlarms {
  /** The rules of composite alarms, parsed once. Undefined for one that cannot be parsed. */
  private readonly rules = new Map<string, AlarmRule | undefined>();

  constructor(
    private readonly alarms: Memory<PutAlarm>,
    private readonly states: Memory<KnownState>,
    private readonly report: Report,
  ) {}

  all(): readonly KnownAlarm[] {
    return this.alarms.entries().map(([key, put]) => {
      const [region = "", name = ""] = key.split(/\/(.*)/s);
      return { region, name, put };
    });
  }

  in(region: string): readonly KnownAlarm[] {
    return this.all().filter((alarm) => alarm.region === region);
  }

  get(region: string, name: string): PutAlarm | undefined {
    return this.alarms.get(keyOf(region, name));
  }

  /** An update keeps the state. A different suppressor discards the periods of the previous one. */
  put(region: string, name: string, alarm: PutAlarm): void {
    const before = this.get(region, name);
    this.alarms.set(keyOf(region, name), alarm);
    this.rules.delete(keyOf(region, name));
    const state = this.state(region, name);
    if (before?.ActionsSuppressor !== alarm.ActionsSuppressor && state.suppression) {
      this.setState(region, name, { ...state, suppression: undefined });
    }
  }

  delete(region: string, name: string): void {
    this.alarms.delete(keyOf(region, name));
    this.states.delete(keyOf(region, name));
    this.rules.delete(keyOf(region, name));
  }

  state(region: string, name: string): KnownState {
    return { ...initial, ...this.states.get(keyOf(region, name)) };
  }

  setState(region: string, name: string, state: KnownState): void {
    this.states.set(keyOf(region, name), state);
  }

  /** The state of an alarm that a rule or a suppressor refers to, by name or ARN. */
  stateOf(region: string, reference: string): AlarmState | undefined {
    const name = alarmName(reference);
    return this.get(region, name) && this.state(region, name).value;
  }

  /** The rule of a composite alarm. Undefined for a metric alarm, and for a rule that cannot be parsed, which is reported. */
  ruleOf({ region, name, put }: KnownAlarm): AlarmRule | undefined {
    const key = keyOf(region, name);
    if (put.AlarmRule !== undefined && !this.rules.has(key))
      this.rules.set(key, this.parsed(name, put.AlarmRule));
    return this.rules.get(key);
  }

  /** The composite alarms whose rule names an alarm. */
  parentsOf(region: string, name: string): readonly KnownAlarm[] {
    return this.in(region).filter((alarm) =>
      this.ruleOf(alarm)?.alarms.some((reference) => alarmName(reference) === name),
    );
  }

  /** The composite alarms whose actions an alarm suppresses. */
  suppressedBy(region: string, name: string): readonly KnownAlarm[] {
    return this.in(region).filter(
      ({ put }) => put.ActionsSuppressor !== undefined && alarmName(put.ActionsSuppressor) === name,
    );
  }

  /** The alarms with these names, and all that their states depend on: those in their rules, and their suppressors. */
  withDependencies(region: string, names: readonly string[]): readonly KnownAlarm[] {
    const found = new Map<string, KnownAlarm>();
    const add = (name: string) => {
      const put = this.get(region, name);
      if (!put || found.has(name)) return;
      const alarm = { region, name, put };
      found.set(name, alarm);
      const { ActionsSuppressor } = put;
      const references = [
        ...(this.ruleOf(alarm)?.alarms ?? []),
        ...(ActionsSuppressor ? [ActionsSuppressor] : []),
      ];
      for (const reference of references) add(alarmName(reference));
    };
    for (const name of names) add(name);
    return [...found.values()];
  }

  private parsed(name: string, rule: string): AlarmRule | undefined {
    try {
      return parseAlarmRule(rule);
    } catch (error) {
      void this.report("alarms", new Error(`${name} cannot be evaluated: ${error}`, { cause: error }));
      return undefined;
    }
  }
}

function keyOf(region: string, name: string): string {
  return `${region}/${name}`;
}
