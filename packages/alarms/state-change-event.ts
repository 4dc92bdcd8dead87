import { type AlarmOwner, alarmArn } from "./alarm-arn";
import type { AlarmState, Metric, MetricDataQuery } from "./metric-alarm";
import { metricsOf } from "./metric-alarm";
import type { NotifyingAlarm } from "./notification";
import { timestamp } from "./state-reason";

/** An alarm's state, with how it came about. */
export interface ReachedState {
  readonly value: AlarmState;
  readonly reason: string;
  /** In JSON. */
  readonly reasonData?: string | undefined;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/** An alarm with the attributes its events contain. */
export interface DescribedAlarm extends NotifyingAlarm {
  readonly ActionsSuppressor?: string | undefined;
  /** In seconds. */
  readonly ActionsSuppressorWaitPeriod?: number | undefined;
  /** In seconds. */
  readonly ActionsSuppressorExtensionPeriod?: number | undefined;
}

/** An entry of PutEvents. */
export interface StateChangeEvent {
  readonly Source: string;
  readonly DetailType: string;
  readonly Resources: readonly string[];
  /** In JSON. */
  readonly Detail: string;
}

/**
 * The event that CloudWatch sends to the default event bus whenever an alarm's state changes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function stateChangeEvent(
  alarm: DescribedAlarm,
  states: { readonly before: ReachedState; readonly now: ReachedState },
  owner: AlarmOwner,
): StateChangeEvent {
  const name = `${alarm.AlarmName}`;
  return {
    Source: "aws.cloudwatch",
    DetailType: "CloudWatch Alarm State Change",
    Resources: [alarmArn(name, owner)],
    Detail: JSON.stringify({
      alarmName: name,
      state: stateOf(states.now),
      previousState: stateOf(states.before),
      configuration: configurationOf(alarm),
    }),
  };
}

function stateOf({ at, ...state }: ReachedState) {
  return { ...state, timestamp: timestamp(at) };
}

function configurationOf(alarm: DescribedAlarm) {
  const { AlarmDescription, AlarmRule } = alarm;
  const described = { ...(AlarmDescription && { description: AlarmDescription }) };
  if (AlarmRule === undefined) return { ...described, metrics: queriesOf(alarm).map(queryOf) };
  return {
    ...described,
    alarmRule: AlarmRule,
    ...(alarm.ActionsSuppressor && {
      actionsSuppressor: alarm.ActionsSuppressor,
      actionsSuppressorWaitPeriod: alarm.ActionsSuppressorWaitPeriod,
      actionsSuppressorExtensionPeriod: alarm.ActionsSuppressorExtensionPeriod,
    }),
  };
}

/** CloudWatch gives the query of an alarm on one metric a random id. */
function queriesOf(alarm: DescribedAlarm): readonly MetricDataQuery[] {
  if (alarm.Metrics?.length) return alarm.Metrics;
  return metricsOf(alarm).map((MetricStat) => ({ Id: crypto.randomUUID(), MetricStat, ReturnData: true }));
}

function queryOf({ Id, MetricStat, Expression, Label, ReturnData = true }: MetricDataQuery) {
  return {
    id: Id,
    ...(MetricStat && {
      metricStat: {
        metric: metricOf(MetricStat.Metric),
        period: MetricStat.Period,
        stat: MetricStat.Stat,
        ...(MetricStat.Unit && { unit: MetricStat.Unit }),
      },
    }),
    ...(Expression !== undefined && { expression: Expression }),
    ...(Label !== undefined && { label: Label }),
    returnData: ReturnData,
  };
}

function metricOf({ Namespace, MetricName, Dimensions = [] }: Metric = {}) {
  return {
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
  };
}
