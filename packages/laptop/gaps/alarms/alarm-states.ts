import { ResourceNotFound, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { PublishCommand } from "@aws-sdk/client-sns";
import { alarmArn } from "../../../alarms/alarm-arn";
import type { AlarmState } from "../../../alarms/metric-alarm";
import { actionsOf, messageOf, subjectOf } from "../../../alarms/notification";
import { stateChangeEvent } from "../../../alarms/state-change-event";
import { timestamp } from "../../../alarms/state-reason";
import { notSuppressed, suppress } from "../../../alarms/suppression";
import type { AwsClients } from "../shared/aws-clients";
import type { PatchedEmulator } from "../shared/patched-emulator";
import type { Report } from "../shared/report";
import type { KnownAlarm, KnownAlarms, KnownState } from "./known-alarms";

interface NewState {
  readonly value: AlarmState;
  readonly reason: string;
  readonly reasonData?: string | undefined;
}

export interface AlarmStatesProps {
  readonly account: string;
  readonly known: KnownAlarms;
  readonly clients: AwsClients;
  readonly emulator: PatchedEmulator;
  readonly report: Report;
}

/**
 * Changes alarms' states as CloudWatch does: MiniStack stores the state and its history; composite alarms that name the
 * alarm follow; actions are taken unless they are suppressed; an event goes to the default bus.
 */
export class AlarmStates {
  constructor(private readonly props: AlarmStatesProps) {}

  /** Sets a metric alarm's state, if it is another one. */
  async change(alarm: KnownAlarm, state: NewState, at: number): Promise<void> {
    const { known, clients } = this.props;
    const { region, name } = alarm;
    if (known.state(region, name).value === state.value) return;
    const before = this.remember(alarm, state, at);
    try {
      await clients.cloudWatch(region).send(
        new SetAlarmStateCommand({
          AlarmName: name,
          StateValue: state.value,
          StateReason: state.reason.slice(0, 1_023),
          StateReasonData: state.reasonData,
        }),
      );
    } catch (error) {
      if (error instanceof ResourceNotFound) {
        known.delete(region, name);
        return;
      }
      known.setState(region, name, before);
      throw error;
    }
    await this.follow(alarm, at, []);
  }

  /** Follows up on a state that a caller of SetAlarmState has set. */
  async changedByCaller(alarm: KnownAlarm, state: NewState, at: number): Promise<void> {
    if (this.props.known.state(alarm.region, alarm.name).value === state.value) return;
    this.remember(alarm, state, at);
    await this.follow(alarm, at, []);
  }

  /**
   * Evaluates a composite alarm's rule. MiniStack does so too, at the same moments, and stores the state with its history:
   * what it lacks is suppression, and the messages as CloudWatch sends them.
   */
  async evaluateRule(
    alarm: KnownAlarm,
    cause: (state: AlarmState) => Omit<NewState, "value">,
    at: number,
    path: readonly string[] = [],
  ): Promise<void> {
    const { known } = this.props;
    const { region, name } = alarm;
    const rule = known.ruleOf(alarm);
    if (!rule) return;
    const value = rule.isTrue((reference) => known.stateOf(region, reference)) ? "ALARM" : "OK";
    if (known.state(region, name).value === value) return;
    this.remember(alarm, { value, ...cause(value) }, at);
    await this.follow(alarm, at, path);
  }

  /** Ends the wait and extension periods of a composite alarm that are over. */
  async endPeriods(alarm: KnownAlarm, at: number): Promise<void> {
    const { suppression } = this.props.known.state(alarm.region, alarm.name);
    if (suppression?.until !== undefined && suppression.until <= at)
      await this.suppressOrAct(alarm, false, at);
  }

  private remember({ region, name }: KnownAlarm, state: NewState, at: number): KnownState {
    const { known } = this.props;
    const current = known.state(region, name);
    const { suppression, before: _, ...before } = current;
    known.setState(region, name, { ...state, at, before, suppression });
    return current;
  }

  private async follow(alarm: KnownAlarm, at: number, path: readonly string[]): Promise<void> {
    const { known, report } = this.props;
    const { region, name } = alarm;
    await this.announce(alarm);
    await this.suppressOrAct(alarm, true, at);
    for (const composite of known.suppressedBy(region, name)) await this.suppressOrAct(composite, false, at);
    for (const parent of known.parentsOf(region, name)) {
      // CloudWatch stops evaluating composite alarms when it comes back to one of them.
      if ([...path, name].includes(parent.name)) continue;
      try {
        await this.evaluateRule(parent, () => this.causedBy(alarm, at), at, [...path, name]);
      } catch (error) {
        void report("alarms", error);
      }
    }
  }

  /** Why a composite alarm changes, if one of those in its rule does. */
  private causedBy({ region, name }: KnownAlarm, at: number): Omit<NewState, "value"> {
    const { value } = this.props.known.state(region, name);
    const arn = alarmArn(name, { account: this.props.account, partition: "aws", region });
    return {
      reason: `${arn} transitioned to ${value} at ${longTime(at)}`,
      reasonData: JSON.stringify({
        triggeringAlarms: [{ arn, state: { value, timestamp: timestamp(at) } }],
      }),
    };
  }

  private async suppressOrAct(alarm: KnownAlarm, hasChanged: boolean, at: number): Promise<void> {
    const { known } = this.props;
    const { region, name, put } = alarm;
    if (put.ActionsSuppressor === undefined) {
      await this.act(alarm, at);
      return;
    }
    const state = known.state(region, name);
    const { suppression, takesActions } = suppress(
      state.suppression ?? notSuppressed,
      { at, hasChanged, suppressor: known.stateOf(region, put.ActionsSuppressor) },
      {
        waitSeconds: put.ActionsSuppressorWaitPeriod ?? 0,
        extensionSeconds: put.ActionsSuppressorExtensionPeriod ?? 0,
      },
    );
    known.setState(region, name, { ...state, suppression });
    if (takesActions) await this.act(alarm, at);
  }

  private async act(alarm: KnownAlarm, at: number): Promise<void> {
    const { account, known, clients, report } = this.props;
    const { region, name, put } = alarm;
    const { value, before, reason } = known.state(region, name);
    const transition = { at, from: before.value, to: value, reason, region, account, partition: "aws" };
    for (const action of actionsOf(put, value)) {
      try {
        if (!action.startsWith("arn:aws:sns:")) throw new Error("only SNS topics are supported here");
        const source = alarmArn(name, { account, partition: "aws", region });
        const publishing = { service: "cloudwatch.amazonaws.com", topic: action, source };
        if (!(await clients.mayPublish(publishing))) throw new Error("the topic's policy does not allow it");
        await clients.sns(action.split(":")[3] ?? region).send(
          new PublishCommand({
            TopicArn: action,
            Subject: subjectOf(put, transition),
            Message: messageOf(put, transition),
          }),
        );
      } catch (error) {
        const cause = error instanceof Error ? `${error.name}: ${error.message}` : error;
        void report("alarms", new Error(`${name} could not notify ${action} of ${value}: ${cause}`));
      }
    }
  }

  /** Sends the event of a state change, whether or not the alarm takes actions. */
  private async announce({ region, name, put }: KnownAlarm): Promise<void> {
    const { known, emulator, report } = this.props;
    const { suppression, before, ...now } = known.state(region, name);
    try {
      const entry = stateChangeEvent(
        put,
        { before, now },
        { account: this.props.account, partition: "aws", region },
      );
      await emulator.call("event", { region, entry });
    } catch (error) {
      void report("alarms", error);
    }
  }
}

/** For example `Saturday 31 January, 2026 12:00:00 UTC`. */
function longTime(at: number): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(at);
  const date = `${part({ weekday: "long" })} ${part({ day: "2-digit" })} ${part({ month: "long" })}, ${part({ year: "numeric" })}`;
  return `${date} ${new Date(at).toISOString().slice(11, 19)} UTC`;
}
