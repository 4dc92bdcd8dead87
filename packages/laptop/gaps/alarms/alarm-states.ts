import { ResourceNotFound, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { PublishCommand } from "@aws-sdk/client-sns";
import { parseAlarmRule } from "../../../alarms/alarm-rule";
import type { AlarmState } from "../../../alarms/metric-alarm";
import { actionsOf, messageOf, subjectOf } from "../../../alarms/notification";
import { notSuppressed, suppress } from "../../../alarms/suppression";
import type { AwsClients } from "../shared/aws-clients";
import type { Report } from "../shared/report";
import type { KnownAlarm, KnownAlarms, KnownState } from "./known-alarms";

/** MiniStack's only account, and AWS's partition. */
const owner = { account: "000000000000", partition: "aws" };

interface NewState {
  readonly value: AlarmState;
  readonly reason: string;
  readonly reasonData?: string | undefined;
}

/**
 * Changes alarms' states as CloudWatch does. MiniStack stores the state and its history. Composite alarms that name the
 * alarm follow, and actions are taken unless they are suppressed.
 */
export class AlarmStates {
  constructor(
    private readonly known: KnownAlarms,
    private readonly clients: AwsClients,
    private readonly report: Report,
  ) {}

  /** Sets an alarm's state, if that is a change. */
  async change(alarm: KnownAlarm, state: NewState, at: number, path: readonly string[] = []): Promise<void> {
    const { region, name } = alarm;
    if (this.known.state(region, name).value === state.value) return;
    const before = this.remember(alarm, state);
    try {
      await this.clients.cloudWatch(region).send(
        new SetAlarmStateCommand({
          AlarmName: name,
          StateValue: state.value,
          StateReason: state.reason.slice(0, 1_023),
          StateReasonData: state.reasonData,
        }),
      );
    } catch (error) {
      if (error instanceof ResourceNotFound) {
        this.known.delete(region, name);
        return;
      }
      this.known.setState(region, name, before);
      throw error;
    }
    await this.follow(alarm, at, path);
  }

  /** Follows up on a state that a caller of SetAlarmState has set. */
  async changedByCaller(alarm: KnownAlarm, state: NewState, at: number): Promise<void> {
    if (this.known.state(alarm.region, alarm.name).value === state.value) return;
    this.remember(alarm, state);
    await this.follow(alarm, at, []);
  }

  /** Evaluates a composite alarm's rule. */
  async evaluateRule(
    alarm: KnownAlarm,
    cause: string,
    at: number,
    path: readonly string[] = [],
  ): Promise<void> {
    const { region, put } = alarm;
    const rule = parseAlarmRule(put.AlarmRule ?? "");
    const isTrue = rule.isTrue((reference) => this.known.stateOf(region, reference));
    await this.change(alarm, { value: isTrue ? "ALARM" : "OK", reason: cause }, at, path);
  }

  /** Ends the wait and extension periods of a composite alarm that are over. */
  async endPeriods(alarm: KnownAlarm, at: number): Promise<void> {
    const { suppression } = this.known.state(alarm.region, alarm.name);
    if (suppression?.until !== undefined && suppression.until <= at)
      await this.suppressOrAct(alarm, false, at);
  }

  private remember({ region, name }: KnownAlarm, { value, reason }: NewState): KnownState {
    const before = this.known.state(region, name);
    this.known.setState(region, name, { ...before, value, reason, previous: before.value });
    return before;
  }

  private async follow(alarm: KnownAlarm, at: number, path: readonly string[]): Promise<void> {
    const { region, name } = alarm;
    await this.suppressOrAct(alarm, true, at);
    for (const composite of this.known.suppressedBy(region, name))
      await this.suppressOrAct(composite, false, at);
    const cause = `${arnOf(alarm)} transitioned to ${this.known.state(region, name).value} at ${longTime(at)}`;
    for (const parent of this.known.parentsOf(region, name)) {
      // CloudWatch stops evaluating composite alarms when it comes back to one of them.
      if (![...path, name].includes(parent.name)) await this.evaluateRule(parent, cause, at, [...path, name]);
    }
  }

  private async suppressOrAct(alarm: KnownAlarm, hasChanged: boolean, at: number): Promise<void> {
    const { region, name, put } = alarm;
    if (put.ActionsSuppressor === undefined) {
      await this.act(alarm, at);
      return;
    }
    const state = this.known.state(region, name);
    const { suppression, takesActions } = suppress(
      state.suppression ?? notSuppressed,
      { at, hasChanged, suppressor: this.known.stateOf(region, put.ActionsSuppressor) },
      {
        waitSeconds: put.ActionsSuppressorWaitPeriod ?? 0,
        extensionSeconds: put.ActionsSuppressorExtensionPeriod ?? 0,
      },
    );
    this.known.setState(region, name, { ...state, suppression });
    if (takesActions) await this.act(alarm, at);
  }

  private async act(alarm: KnownAlarm, at: number): Promise<void> {
    const { region, name, put } = alarm;
    const { value, previous, reason } = this.known.state(region, name);
    const transition = { at, from: previous, to: value, reason, region, ...owner };
    for (const action of actionsOf(put, value)) {
      try {
        if (!action.startsWith("arn:aws:sns:")) throw new Error("only SNS topics are supported here");
        await this.clients.sns(action.split(":")[3] ?? region).send(
          new PublishCommand({
            TopicArn: action,
            Subject: subjectOf(put, transition),
            Message: messageOf(put, transition),
          }),
        );
      } catch (error) {
        const cause = error instanceof Error ? `${error.name}: ${error.message}` : error;
        void this.report("alarms", new Error(`${name} could not notify ${action} of ${value}: ${cause}`));
      }
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

function arnOf({ region, name }: KnownAlarm): string {
  return `arn:${owner.partition}:cloudwatch:${region}:${owner.account}:alarm:${name}`;
}
