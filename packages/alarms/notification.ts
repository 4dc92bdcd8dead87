import { type AlarmOwner, alarmArn } from "./alarm-arn";
import type { AlarmState, MetricAlarm, MetricDataQuery } from "./metric-alarm";
import { timestamp } from "./state-reason";

/** A metric alarm or a composite alarm, with the attributes its notifications contain. */
export interface NotifyingAlarm extends MetricAlarm {
  readonly AlarmDescription?: string | undefined;
  readonly ActionsEnabled?: boolean | undefined;
  readonly OKActions?: readonly string[] | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
  readonly InsufficientDataActions?: readonly string[] | undefined;
  readonly AlarmRule?: string | undefined;
}

export interface Transition extends AlarmOwner {
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
}

const actions = {
  OK: "OKActions",
  ALARM: "AlarmActions",
  INSUFFICIENT_DATA: "InsufficientDataActions",
} as const;

/** The ARNs that an alarm notifies when it goes into a state. None if its actions are disabled. */
export function actionsOf(alarm: NotifyingAlarm, state: AlarmState): readonly string[] {
  return alarm.ActionsEnabled === false ? [] : (alarm[actions[state]] ?? []);
}

/** The subject of a message to an SNS topic, at most 100 characters as SNS requires. AWS writes the Region's name. */
export function subjectOf({ AlarmName }: NotifyingAlarm, { to, region }: Transition): string {
  return `${to}: "${AlarmName}" in ${region}`.slice(0, 100);
}

/** The message that CloudWatch publishes to an SNS topic. */
export function messageOf(alarm: NotifyingAlarm, transition: Transition): string {
  const { at, from, to, reason, account, region } = transition;
  return JSON.stringify({
    AlarmName: alarm.AlarmName,
    AlarmDescription: alarm.AlarmDescription ?? null,
    AWSAccountId: account,
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: timestamp(at),
    Region: region,
    AlarmArn: alarmArn(`${alarm.AlarmName}`, transition),
    OldStateValue: from,
    OKActions: alarm.OKActions ?? [],
    AlarmActions: alarm.AlarmActions ?? [],
    InsufficientDataActions: alarm.InsufficientDataActions ?? [],
    ...(alarm.AlarmRule === undefined ? { Trigger: triggerOf(alarm) } : { AlarmRule: alarm.AlarmRule }),
  });
}

function triggerOf(alarm: MetricAlarm) {
  const { Metrics, MetricName, Namespace, Statistic, ExtendedStatistic } = alarm;
  const metric = Metrics?.length
    ? { Metrics: Metrics.map(queryOf) }
    : {
        MetricName,
        Namespace,
        ...(ExtendedStatistic
          ? { StatisticType: "ExtendedStatistic", ExtendedStatistic }
          : { StatisticType: "Statistic", Statistic: Statistic?.toUpperCase() }),
        Unit: alarm.Unit ?? null,
        Dimensions: dimensionsOf(alarm.Dimensions),
        Period: alarm.Period,
      };
  return {
    ...metric,
    EvaluationPeriods: alarm.EvaluationPeriods,
    DatapointsToAlarm: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods,
    ComparisonOperator: alarm.ComparisonOperator,
    Threshold: alarm.Threshold,
    TreatMissingData: alarm.TreatMissingData ?? "missing",
    EvaluateLowSampleCountPercentile: alarm.EvaluateLowSampleCountPercentile ?? "",
  };
}

function queryOf({ MetricStat, ...query }: MetricDataQuery) {
  const { Metric, ...stat } = MetricStat ?? {};
  return {
    ...query,
    ...(MetricStat && {
      MetricStat: { ...stat, Metric: { ...Metric, Dimensions: dimensionsOf(Metric?.Dimensions) } },
    }),
  };
}

function dimensionsOf(dimensions: MetricAlarm["Dimensions"]) {
  return (dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name }));
}
