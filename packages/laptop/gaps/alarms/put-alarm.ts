import { parseAlarmRule } from "../../../alarms/alarm-rule";
import { InvalidAlarmError } from "../../../alarms/invalid-alarm-error";
import { validateMetricAlarm } from "../../../alarms/validate-metric-alarm";
import type { PutAlarm } from "./known-alarms";

/** Why CloudWatch rejects an alarm. Undefined if it accepts it: whatever else is wrong is reported at each evaluation. */
export function refusalOf(action: string, input: PutAlarm): string | undefined {
  try {
    if (action === "PutMetricAlarm") validateMetricAlarm(input);
    else parseAlarmRule(input.AlarmRule ?? "");
  } catch (error) {
    if (error instanceof InvalidAlarmError) return error.message;
  }
  return undefined;
}

/** Whether an alarm watches exactly this metric, and with these settings if the call names any. */
export function watches(alarm: PutAlarm, input: Readonly<Record<string, unknown>>): boolean {
  const { MetricName, Namespace, Dimensions } = input;
  const settings = ["Statistic", "ExtendedStatistic", "Period", "Unit"] as const;
  const written = (dimensions: PutAlarm["Dimensions"]) =>
    JSON.stringify((dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort());
  return (
    alarm.MetricName === MetricName &&
    alarm.Namespace === Namespace &&
    settings.every((name) => input[name] === undefined || alarm[name] === input[name]) &&
    written(alarm.Dimensions) === written(Dimensions as PutAlarm["Dimensions"])
  );
}
